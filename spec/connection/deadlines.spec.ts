import { VirtualTimeScheduler } from 'rxjs'
import { deadlines, type Timed } from '../../lib/connection/deadlines.ts'

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

const timed = (timeOut: () => void): Timed => ({ setAt: 0, timeOut })

describe('deadlines', () => {
  it('pass in time, one after the other, on a single timer at a time', () => {
    const clock = new Clock()
    const { set } = deadlines(clock)
    const passed: [string, number][] = []
    const note = (name: string) => () => {
      passed.push([name, clock.frame])
    }
    set(10, timed(note('a')))
    set(10, timed(note('b')))
    clock.after(4, () => set(10, timed(note('c'))))
    set(3, timed(note('short')))
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
    const cleared = [timed(run), timed(run)]
    for (const each of cleared) {
      const queue = set(10, each)
      clock.after(5, () => {
        queue.clear(each)
      })
    }
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
    const late = timed(() => void passed.push(-1))
    const queue = set(
      10,
      timed(() => {
        passed.push(clock.frame)
        queue.clear(late)
        set(10, timed(note))
      }),
    )
    set(10, late)
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
    set(10, timed(note))
    clock.after(2, () => {
      clock.offsetMs = -3_600_000
      set(10, timed(note))
    })
    clock.flush()

    expect(passed).toEqual([12, 12])
  })
})
