import { type Unsubscribable, VirtualTimeScheduler } from 'rxjs'
import { timeLimits } from '../../lib/connection/within.ts'

const HOUR_MS = 3_600_000

/** Virtual time whose clock can be set, beside timers that go on regardless. */
class Clock extends VirtualTimeScheduler {
  offsetMs = 0
  timers = 0

  override now = (): number => this.frame + this.offsetMs

  override schedule: VirtualTimeScheduler['schedule'] = (work, delayMs, state) => {
    this.timers += 1
    return super.schedule(work, delayMs, state)
  }

  at(ms: number, run: () => void): void {
    super.schedule(run, ms)
  }
}

/** Starts limits that call a function when they expire. */
const starter = (clock: Clock): ((ms: number, expire: () => void) => Unsubscribable) => {
  const limits = timeLimits(clock)
  return (ms, expire) => {
    const limited = { startedAt: 0, expire }
    const timer = limits(ms)
    timer.start(limited)
    return {
      unsubscribe: () => {
        timer.end(limited)
      },
    }
  }
}

/** Starts limits of 10 ms at these times; returns when they expired. */
const expiring = (clock: Clock, startsMs: readonly number[]): number[] => {
  const limits = starter(clock)
  const expired: number[] = []
  for (const ms of startsMs)
    clock.at(ms, () => {
      limits(10, () => {
        expired.push(clock.frame)
      })
    })
  return expired
}

describe('time limits', () => {
  it('expire in time, one after the other, with one timer at a time for each duration', () => {
    const clock = new Clock()
    const limits = starter(clock)
    const expired: [string, number][] = []
    const note = (name: string) => () => {
      expired.push([name, clock.frame])
    }
    limits(10, note('a'))
    limits(10, note('b'))
    clock.at(4, () => {
      limits(10, note('c'))
    })
    limits(3, note('short'))
    clock.flush()

    expect(expired).toEqual([
      ['short', 3],
      ['a', 10],
      ['b', 10],
      ['c', 14],
    ])
    expect(clock.timers).toBe(3)
  })

  it('never expire once they are unsubscribed, and the last takes the timer with it', () => {
    const clock = new Clock()
    const limits = starter(clock)
    const expired: string[] = []
    const note = (): void => {
      expired.push('never')
    }
    const ended = [limits(10, note), limits(10, note)]
    clock.at(5, () => {
      for (const each of ended) each.unsubscribe()
      expect(clock.actions).toEqual([])
    })
    clock.flush()

    expect(expired).toEqual([])
    expect(clock.frame).toBe(5)
  })

  it('may be started and unsubscribed while another expires', () => {
    const clock = new Clock()
    const limits = starter(clock)
    const expired: number[] = []
    const note = (): void => {
      expired.push(clock.frame)
    }
    limits(10, () => {
      note()
      second.unsubscribe()
      limits(10, note)
    })
    const second = limits(10, note)
    clock.flush()

    expect(expired).toEqual([10, 20])
  })

  it('expire in time when the clock is set back, those that started before and those that started after', () => {
    const clock = new Clock()
    const expired = expiring(clock, [0, 1, 2, 3, 6, 7])
    clock.at(5, () => {
      clock.offsetMs = -HOUR_MS
    })
    clock.flush()

    expect(expired).toEqual([10, 11, 12, 13, 16, 17])
  })

  it('expire together after a sleep that was longer', () => {
    const clock = new Clock()
    const expired = expiring(clock, [0, 1, 2])
    clock.at(5, () => {
      clock.offsetMs = HOUR_MS
    })
    clock.flush()

    expect(expired).toEqual([10, 10, 10])
  })
})
