import { VirtualTimeScheduler } from 'rxjs'
import { deadlines } from '../../lib/socket/deadlines.ts'

/** Virtual time whose clock can be set, beside timers that go on regardless. */
class Clock extends VirtualTimeScheduler {
  offsetMs = 0
  timers = 0

  override now = (): number => this.frame + this.offsetMs

  override schedule: VirtualTimeScheduler['schedule'] = (work, delayMs, state) => {
    this.timers += 1
    return super.schedule(work, delayMs, state)
  }

  after(ms: number, run: () => void): void {
    super.schedule(run, ms)
  }
}

describe('deadlines', () => {
  it('pass in time, one after the other, on a single timer at a time', () => {
    const clock = new Clock()
    const { set } = deadlines(clock)
    const passed: [string, number][] = []
    const note = (name: string) => () => {
      passed.push([name, clock.frame])
    }
    set(10, { timeOut: note('a') })
    set(10, { timeOut: note('b') })
    clock.after(4, () => set(10, { timeOut: note('c') }))
    set(3, { timeOut: note('short') })
    clock.flush()

    expect(passed).toEqual([
      ['short', 3],
      ['a', 10],
      ['b', 10],
      ['c', 14],
    ])
    expect(clock.timers).toBe(3)
  })

  it('that are cleared never pass, and the last takes the timer with it', () => {
    const clock = new Clock()
    const { set } = deadlines(clock)
    const passed: string[] = []
    const run = (): void => {
      passed.push('never')
    }
    const cleared = [set(10, { timeOut: run }), set(10, { timeOut: run })]
    clock.after(5, () => {
      for (const each of cleared) each.unsubscribe()
    })
    clock.flush()

    expect(passed).toEqual([])
  })

  it('may be set and cleared while another passes', () => {
    const clock = new Clock()
    const { set } = deadlines(clock)
    const passed: number[] = []
    const note = (): void => {
      passed.push(clock.frame)
    }
    set(10, {
      timeOut: () => {
        passed.push(clock.frame)
        late.unsubscribe()
        set(10, { timeOut: note })
      },
    })
    const late = set(10, { timeOut: () => void passed.push(-1) })
    clock.flush()

    expect(passed).toEqual([10, 20])
  })

  it('are late by no more than the time since the last one was set, when the clock is set back an hour', () => {
    const clock = new Clock()
    const { set } = deadlines(clock)
    const passed: number[] = []
    const note = (): void => {
      passed.push(clock.frame)
    }
    set(10, { timeOut: note })
    clock.after(2, () => {
      clock.offsetMs = -3_600_000
      set(10, { timeOut: note })
    })
    clock.flush()

    expect(passed).toEqual([12, 12])
  })
})
