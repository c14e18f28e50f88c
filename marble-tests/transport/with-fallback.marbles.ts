import { NEVER, of, throwError } from 'rxjs'
import {
  InputFailed,
  InvalidArgument,
  type Link,
  type LinkEvent,
  type Transport,
  withFallback,
} from '../../lib/index.ts'
import { fakeClock } from '../../lib/testing/index.ts'
import { letters, run } from '../support/run.ts'
import { cut, dead, diagrams, events, pair, TARGET, words } from './fallback-support.ts'

const values = { ...letters, w: 'waiting 3' }
/** A link of the secondary is watched, so it is not the very same. */
const s = { ...events, o: { type: 'open', link: expect.objectContaining({ bufferedAmount: 7 }) as unknown } }

describe('withFallback', () => {
  it('uses the primary and nothing else where it works: it opens, and a frame comes through', () => {
    run((helpers) => {
      const { transport, primary, secondary } = pair(helpers, ['--o-f'], ['o'])

      helpers.expectObservable(transport(TARGET), '^--------!').toBe('----(of)', events)
      primary.expectHeld(['^--------!'])
      secondary.expectHeld([])
    })
  })

  it('tries the primary again after fewer failures than are allowed, and then the secondary', () => {
    run((helpers) => {
      const { transport, opened$, primary, secondary } = pair(helpers, ['-#', '-#', '-#'], ['-o'], {
        failures: 3,
      })

      helpers.expectObservable(words(transport), '^--------------!').toBe('cw--cw--c-o', values)
      helpers.expectObservable(opened$).toBe('                     ----------s')
      primary.expectHeld(['^!'], ['----^!'], ['--------^!'])
      secondary.expectHeld(['---------^-----!'])
    })
  })

  it('gives a primary up that has not opened in time, and dials the secondary in the same attempt', () => {
    run((helpers) => {
      const { transport, primary, secondary } = pair(helpers, ['-----o'], ['--o-f'], { afterMs: 4 })

      helpers.expectObservable(transport(TARGET), '^---------!').toBe('------o-f', s)
      primary.expectHeld(['^---!'])
      secondary.expectHeld(['----^-----!'])
    })
  })

  it('takes a time that passes late for one failure more and no reason by itself, since the machine may have slept', () => {
    run((helpers, scheduler) => {
      const clock = fakeClock(scheduler)
      const options = { afterMs: 4, scheduler: clock }
      const { transport, primary, secondary } = pair(helpers, ['-----o', '-(of)'], ['o'], options)
      helpers.cold('-j').subscribe(() => {
        clock.jump(3_600_000)
      })

      helpers.expectObservable(words(transport), '^------------!').toBe('c---w--co', values)
      primary.expectHeld(['^---!'], ['-------^-----!'])
      secondary.expectHeld([])
    })
  })

  it('falls back nevertheless where every timer fires late, as in a throttled tab', () => {
    run((helpers, scheduler) => {
      const clock = fakeClock(scheduler)
      clock.throttle(60_000)
      const { transport, primary } = pair(helpers, ['5m o'], ['o'], { afterMs: 4, scheduler: clock })

      helpers
        .expectObservable(words(transport, { connectTimeoutMs: 120_000 }), '^ 3m !')
        .toBe('c 59999ms w--c 59996ms o', values)
      primary.expectHeld(['^ 59999ms !', '1m ---^ 59996ms !'])
    })
  })

  it('waits for the primary as long as it takes, if configured', () => {
    run((helpers) => {
      const { transport } = pair(helpers, ['1m (of)'], ['o'], { afterMs: Infinity })

      helpers.expectObservable(transport(TARGET), '^ 61s !').toBe('1m (of)', events)
    })
  })

  it('uses the secondary immediately where the primary cannot carry the inputs', () => {
    run((helpers) => {
      const cannot: Transport = () => throwError(() => new InputFailed('authToken', 'it holds "/"'))
      const { transport: able } = diagrams(helpers, cut, ['-o'])
      const neither = withFallback(cannot, cannot)

      helpers.expectObservable(withFallback(cannot, able)(TARGET), '^--!').toBe('-o', s)
      helpers.expectObservable(neither(TARGET)).toBe('#', {}, new InputFailed('authToken', 'it holds "/"'))
    })
  })

  it('takes a transport that throws for one that fails', () => {
    run((helpers) => {
      const throwing: Transport = () => {
        throw dead
      }
      const { transport: able } = diagrams(helpers, cut, ['-o'])

      helpers.expectObservable(withFallback(throwing, able, { failures: 1 })(TARGET), '^--!').toBe('-o', s)
    })
  })

  it('takes a primary that completes before it opens for one that fails', () => {
    run((helpers) => {
      const { transport, opened$, primary } = pair(helpers, ['-|'], ['-o'])

      // The first failure is that of the attempt, as it is without a fallback.
      helpers.expectObservable(words(transport), '^------!').toBe('cw--c-o', values)
      helpers.expectObservable(opened$).toBe('             ------s')
      primary.expectHeld(['^!', '----^!'])
    })
  })

  it('takes a primary that opens without a link for one that fails', () => {
    run((helpers) => {
      const linkless: Transport = () => of({ type: 'open' }) as never
      const { transport: able } = diagrams(helpers, cut, ['-o'])

      helpers.expectObservable(withFallback(linkless, able, { failures: 1 })(TARGET), '^--!').toBe('-o', s)
    })
  })

  it('does not fall back because a connection completes that worked', () => {
    run((helpers) => {
      const { transport, secondary } = pair(helpers, ['-of|'], ['o'], { failures: 1 })

      helpers.expectObservable(words(transport), '^----------!').toBe('c-ow--c-ow', values)
      secondary.expectHeld([])
    })
  })

  it('does not fall back because a connection ends that worked, however often', () => {
    run((helpers) => {
      const { transport, opened$, secondary } = pair(helpers, ['-of#'], ['o'], { failures: 1 })

      helpers.expectObservable(words(transport), '^---------------!').toBe('c-ow--c-ow--c-ow', values)
      helpers.expectObservable(opened$).toBe('                      -p-----p-----p--')
      secondary.expectHeld([])
    })
  })

  it('takes a primary that opens and is cut before a frame has come through for one that fails', () => {
    run((helpers) => {
      const { transport, opened$, secondary } = pair(helpers, ['-o#'], ['-of'])

      helpers.expectObservable(words(transport), '^-----------!').toBe('c-w--c--o', values)
      helpers.expectObservable(opened$).toBe('                  -p----p-s')
      secondary.expectHeld(['-------^----!'])
    })
  })

  it('gives a primary up through which no frame has come in time, though it opened', () => {
    run((helpers) => {
      const { transport, primary, secondary } = pair(helpers, ['-o'], ['-o'], { afterMs: 4 })

      helpers.expectObservable(words(transport), '^--------!').toBe('c----o', values)
      primary.expectHeld(['^---!'])
      secondary.expectHeld(['----^----!'])
    })
  })

  it('asks for a frame with a heartbeat of the socket, and tries the primary until then', () => {
    run((helpers) => {
      const sent: unknown[] = []
      const link: Link = { send: (frame) => sent.push(frame), bufferedAmount: 0 }
      const answered = helpers.cold<LinkEvent>('-o--f', {
        o: { type: 'open', link },
        f: { type: 'frame', frame: '[null,"0","phoenix","phx_reply",{"status":"ok","response":{}}]' },
      })
      const transport = withFallback(
        () => answered,
        () => NEVER,
      )

      helpers.expectObservable(words(transport), '^--------!').toBe('c---o', values)
      helpers.flush()
      expect(sent).toEqual(['[null,"0","phoenix","heartbeat",{}]'])
    })
  })

  it('takes a link that throws at the heartbeat for one that fails', () => {
    run((helpers) => {
      const send = (): never => {
        throw new Error('not open')
      }
      const throwing: Transport = () => of({ type: 'open', link: { send, bufferedAmount: 0 } })
      const { transport: able } = diagrams(helpers, cut, ['-o'])
      const transport = withFallback(throwing, able, { failures: 1 })

      helpers.expectObservable(words(transport), '^--!').toBe('co', values)
    })
  })

  it('counts failures in a row: a primary that works resets the count', () => {
    run((helpers) => {
      const primaries = ['-#', '-of#', '-#', '-#']
      const { transport, opened$, secondary } = pair(helpers, primaries, ['-o'])

      helpers.expectObservable(words(transport), '^------------------!').toBe('cw--c-ow--cw--c-o', values)
      helpers.expectObservable(opened$).toBe('                         -----p----------s')
      secondary.expectHeld(['---------------^---!'])
    })
  })

  it('does not count an attempt that is given up', () => {
    run((helpers) => {
      const { transport, secondary } = pair(helpers, ['-----(of)'], ['o'], { failures: 1 })

      helpers.expectObservable(transport(TARGET), '^--!').toBe('')
      helpers.expectObservable(transport(TARGET), '^-----!').toBe('-----(of)', events)
      secondary.expectHeld([])
    })
  })

  it('fails with the error of the secondary if that fails too, and begins with the primary again', () => {
    run((helpers) => {
      const { transport, primary, secondary } = pair(helpers, ['-#', '-#', '-(of)'], ['-#'], { failures: 1 })

      helpers.expectObservable(transport(TARGET)).toBe('--#', {}, cut)
      helpers.expectObservable(words(transport), '---^---------!').toBe('---c-w--co', values)
      primary.expectHeld(['^!'], ['---^!'], ['--------^----!'])
      secondary.expectHeld(['-^!', '----^!'])
    })
  })

  it('closes whichever is open or opening when it is unsubscribed', () => {
    run((helpers) => {
      const { transport, primary, secondary } = pair(helpers, ['-#'], ['--o'], { failures: 1 })

      helpers.expectObservable(transport(TARGET), '^-!').toBe('')
      helpers.expectObservable(transport(TARGET), '^----!').toBe('---o', s)
      primary.expectHeld(['^!', '^!'])
      secondary.expectHeld(['-^!', '-^---!'])
    })
  })

  it('passes on errors of both transports, and adds none', () => {
    run((helpers) => {
      const { transport } = pair(helpers, ['-----o'], ['-#'], { afterMs: 2 })

      helpers.expectObservable(transport(TARGET)).toBe('---#', {}, cut)
    })
  })

  it.each([
    ['primary', () => withFallback(undefined as never, () => of())],
    ['secondary', () => withFallback(() => of(), 'longpoll' as never)],
    [
      'afterMs',
      () =>
        withFallback(
          () => of(),
          () => of(),
          { afterMs: 0 },
        ),
    ],
    [
      'failures',
      () =>
        withFallback(
          () => of(),
          () => of(),
          { failures: 1.5 },
        ),
    ],
    [
      'recheckAfterMs',
      () =>
        withFallback(
          () => of(),
          () => of(),
          { recheckAfterMs: -1 },
        ),
    ],
    [
      'remember.forMs',
      () =>
        withFallback(
          () => of(),
          () => of(),
          { remember: { forMs: NaN } },
        ),
    ],
    [
      'remember.storage',
      () =>
        withFallback(
          () => of(),
          () => of(),
          { remember: { storage: {} as never } },
        ),
    ],
  ])('throws InvalidArgument for %s', (argument, make) => {
    expect(make).toThrow(InvalidArgument)
    expect(make).toThrow(`withFallback.${argument}`)
  })
})
