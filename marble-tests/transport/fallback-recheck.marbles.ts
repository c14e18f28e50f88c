import { take, tap } from 'rxjs'
import { errorLike } from '../support/channel.ts'
import { letters, run } from '../support/run.ts'
import { KEY, pair, storageWith, TARGET, words } from './fallback-support.ts'
import { onOpen } from './support.ts'

const values = { ...letters, w: 'waiting 3' }
const options = { failures: 1, recheckAfterMs: 50, afterMs: 10 }
const back = errorLike('ConnectionClosed', { code: 1000, reason: 'the primary transport works' })

describe('withFallback: the way back', () => {
  it('tries the primary now and then, and comes back over it after a quiet second', () => {
    run((helpers) => {
      const storage = storageWith()
      const { transport, opened$, primary, secondary } = pair(
        helpers,
        ['-#', '-#', '-(of)', '-(of)'],
        ['-o'],
        {
          ...options,
          remember: { storage },
        },
      )

      // Open at 2, so probes go out at 52, which fails, and at 102, which opens at 103.
      helpers.expectObservable(words(transport), '^ 2s !').toBe('c-o 1100ms w--co', values)
      helpers.expectObservable(opened$).toBe('                        --s 100ms p 1003ms p')
      primary.expectHeld(['^!'], ['52ms ^!'], ['102ms ^!'], ['1106ms ^ 894ms !'])
      secondary.expectHeld(['-^ 1101ms !'])
      helpers.flush()
      expect(storage.items).toEqual({})
      expect(KEY).toContain('host')
    })
  })

  it('abandons a probe that does not open in time, and continues', () => {
    run((helpers) => {
      const { transport, primary } = pair(helpers, ['-#', '30ms o', '-(of)'], ['-o'], options)

      helpers
        .expectObservable(transport(TARGET))
        .toBe('--o 1100ms #', { o: expect.anything() as unknown }, back)
      primary.expectHeld(['^!'], ['52ms ^ 9ms !'], ['102ms ^!'])
    })
  })

  it('stays with the secondary while the primary opens and passes no frame, or is cut before it does', () => {
    run((helpers) => {
      const { transport, opened$, primary, secondary } = pair(
        helpers,
        ['-#', '-o', '-o#', '-o'],
        ['-o'],
        options,
      )

      helpers.expectObservable(words(transport), '^ 5s !').toBe('c-o', values)
      helpers.expectObservable(opened$.pipe(take(4))).toBe('   --s 50ms p 49ms p 49ms (p|)')
      primary.expectHeld(
        ['^!'],
        ['52ms ^ 9ms !'],
        ['102ms ^-!'],
        Array.from({ length: 97 }, (_, i) => `${152 + 50 * i}ms ^ 9ms !`),
      )
      secondary.expectHeld(['-^ 4999ms !'])
    })
  })

  it('leaves a link alone that is in use, and then begins with the primary when it ends by itself', () => {
    run((helpers) => {
      const frames = Array.from({ length: 20 }, () => 'f 199ms').join(' ')
      const { transport, opened$ } = pair(helpers, ['-#', '-(of)'], [`-o ${frames} #`], options)

      helpers.expectObservable(words(transport), '^ 5s !').toBe('c-o 4s w--co', values)
      helpers.expectObservable(opened$).toBe('             --s 50ms p 3953ms p')
    })
  })

  it('counts a push as use, like a message of the server', () => {
    run((helpers) => {
      const { transport } = pair(helpers, ['-#', '-(of)'], ['-o'], options)
      const sendTwice = onOpen((link) => {
        expect(link.bufferedAmount).toBe(7)
        helpers.cold('500ms s 499ms s').subscribe(() => {
          link.send('f')
        })
      })

      helpers
        .expectObservable(transport(TARGET).pipe(tap(sendTwice)))
        .toBe('--o 1999ms #', { o: expect.anything() as unknown }, back)
    })
  })

  it('closes a probe that is under way when everybody goes, and none goes out after that', () => {
    run((helpers) => {
      const { transport, primary, secondary } = pair(helpers, ['-#', '9ms o'], ['-o'], options)

      helpers.expectObservable(words(transport), '^ 54ms !').toBe('c-o', values)
      primary.expectHeld(['^!'], ['52ms ^--!'])
      secondary.expectHeld(['-^ 53ms !'])
    })
  })

  it('does not probe if turned off', () => {
    run((helpers) => {
      const { transport, primary } = pair(helpers, ['-#'], ['-o'], { ...options, recheckAfterMs: 0 })

      helpers.expectObservable(words(transport), '^ 5m !').toBe('c-o', values)
      primary.expectHeld(['^!'])
    })
  })
})
