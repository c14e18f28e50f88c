import { of } from 'rxjs'
import {
  type FallbackOptions,
  type FallbackStorage,
  type RememberFallback,
  type Transport,
  withFallback,
} from '../../lib/index.ts'
import { letters, run } from '../support/run.ts'
import { dead, diagrams, KEY, pair, storageWith, TARGET, words } from './fallback-support.ts'

const values = { ...letters, w: 'waiting 3' }
const once: FallbackOptions = { failures: 1 }

/** What opens, in order, when a fresh transport connects with what this storage holds. */
const firstOpened = (remember: RememberFallback, ms = 0): string =>
  run((helpers) => {
    const { transport, opened$ } = pair(helpers, ['o'], ['o'], { remember })
    let opened = ''
    opened$.subscribe((name) => (opened += name))
    helpers.expectObservable(transport(TARGET), `${ms}ms ^-!`)
    helpers.flush()
    return opened
  })

describe('withFallback: what is remembered', () => {
  it('begins with the secondary until the time is over, however often that is cut', () => {
    run((helpers) => {
      const { transport, opened$ } = pair(helpers, ['-#', '-(of)'], ['-o-#'], {
        ...once,
        remember: { forMs: 12 },
      })

      // It opens at 2 and is kept until 14: the attempts at 7 and 13 are the secondary's, that at 19 is not.
      helpers
        .expectObservable(words(transport), '^--------------------!')
        .toBe('c-o-w--co-w--co-w--co', values)
      helpers.expectObservable(opened$).toBe('                           --s-----s-----s-----p')
    })
  })

  it('is nothing with forMs 0: each attempt begins with the primary', () => {
    run((helpers) => {
      const storage = storageWith()
      const remember = { forMs: 0, storage }
      const { transport, opened$ } = pair(helpers, ['-#', '-#'], ['-o-#', '-o'], { ...once, remember })

      helpers.expectObservable(words(transport), '^---------!').toBe('c-o-w--c-o', values)
      helpers.expectObservable(opened$).toBe('                --s------s')
      helpers.flush()
      expect(storage.items).toEqual({})
    })
  })

  it('is nothing as long as the secondary has not been open', () => {
    run((helpers) => {
      const storage = storageWith()
      const { transport } = pair(helpers, ['-#', '-(of)'], ['-#'], { ...once, remember: { storage } })

      helpers.expectObservable(words(transport), '^--------!').toBe('c-w--co', values)
      helpers.flush()
      expect(storage.items).toEqual({})
    })
  })

  it.each([
    ['does not open', '-#'],
    ['completes before it opens', '-|'],
  ])('is forgotten when the secondary, though remembered, %s', (_case, secondary) => {
    run((helpers) => {
      const storage = storageWith({ [KEY]: '5000' })
      const { transport, opened$ } = pair(helpers, ['-(of)'], [secondary], { remember: { storage } })

      helpers.expectObservable(words(transport), '^--------!').toBe('cw--co', values)
      helpers.expectObservable(opened$).toBe('               -----p')
      helpers.flush()
      expect(storage.items).toEqual({})
    })
  })

  it('is nothing as long as the secondary has opened without a link only', () => {
    run((helpers) => {
      const storage = storageWith()
      const { transport: failing } = diagrams(helpers, dead, ['-#', '-#'])
      const linkless: Transport = () => of({ type: 'open' }) as never
      const transport = withFallback(failing, linkless, { ...once, remember: { storage } })

      helpers.expectObservable(words(transport), '^------!').toBe('cw--cw-', values)
      helpers.flush()
      expect(storage.items).toEqual({})
    })
  })

  it('is in the storage until it expires, under a name without credentials', () => {
    const storage = storageWith()
    run((helpers) => {
      const { transport } = pair(helpers, ['-#'], ['-o'], { ...once, remember: { storage, forMs: 1_000 } })

      helpers.expectObservable(words(transport), '^-----!').toBe('c-o', values)
      helpers.flush()
      expect(storage.items).toEqual({ [KEY]: '1002' })
    })
    expect(firstOpened({ storage, forMs: 1_000 }, 1_001)).toBe('s')
    expect(firstOpened({ storage, forMs: 1_000 }, 1_002)).toBe('p')
    expect(KEY).not.toMatch(/pw|secret/)
  })

  it('is in the storage under the key that is given', () => {
    run((helpers) => {
      const storage = storageWith()
      const remember = { storage: () => storage, key: 'mine', forMs: 1_000 }
      const { transport } = pair(helpers, ['-#'], ['-o'], { ...once, remember })

      helpers.expectObservable(words(transport), '^-----!').toBe('c-o', values)
      helpers.flush()
      expect(storage.items).toEqual({ mine: '1002' })
    })
  })

  it('is not in the storage if the primary has worked before: it is the moment and not the network', () => {
    run((helpers) => {
      const storage = storageWith()
      const { transport, opened$ } = pair(helpers, ['-of#', '-#'], ['-o-#', '-o'], {
        ...once,
        remember: { storage },
      })

      helpers.expectObservable(words(transport), '^----------------!').toBe('c-ow--c-o-w--co', values)
      helpers.expectObservable(opened$).toBe('                       -p------s-----s')
      helpers.flush()
      expect(storage.items).toEqual({})
    })
  })

  it.each([
    ['a time to come', '5000', 's'],
    ['nothing', undefined, 'p'],
    ['a time that is over', '10', 'p'],
    ['a time that was never written, since the clock was set back', '99999999', 'p'],
    ['something else', 'true', 'p'],
    ['an empty text', '', 'p'],
  ])('reads the storage safely: %s', (_case, value, opened) => {
    const storage = storageWith(value === undefined ? {} : { [KEY]: value })
    expect(firstOpened({ storage, forMs: 10_000 }, 20)).toBe(opened)
  })

  const refuse = (): never => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  }
  const broken: FallbackStorage = { getItem: refuse, setItem: refuse, removeItem: refuse }

  it('is in memory alone where the storage answers with Promises, whose failures reach nobody', async () => {
    const rejections: Promise<never>[] = []
    const reject = (): Promise<never> => {
      const rejection = Promise.reject(new Error('no such storage'))
      rejections.push(rejection)
      return rejection
    }
    const storage = { getItem: reject, setItem: reject, removeItem: reject } as unknown as FallbackStorage
    run((helpers) => {
      const { transport } = pair(helpers, ['-#', '-(of)'], ['-o-#'], {
        ...once,
        remember: { storage, forMs: 6 },
      })

      helpers.expectObservable(words(transport), '^---------------!').toBe('c-o-w--co-w--co', values)
    })
    // Asked once: it is no storage for this.
    expect(rejections).toHaveLength(1)
    // Node ends at a rejection that nobody has heard by then.
    await new Promise((resolve) => setTimeout(resolve))
  })

  it.each<[string, RememberFallback]>([
    ['is not there', { storage: () => undefined }],
    ['cannot even be named', { storage: refuse }],
    ['throws at each use', { storage: broken }],
    ['throws when it is written', { storage: { ...storageWith(), setItem: refuse } }],
  ])('is in memory alone where the storage %s', (_case, remember) => {
    run((helpers) => {
      const { transport, opened$ } = pair(helpers, ['-#', '-(of)'], ['-o-#'], {
        ...once,
        remember: { ...remember, forMs: 6 },
      })

      helpers.expectObservable(words(transport), '^---------------!').toBe('c-o-w--co-w--co', values)
      helpers.expectObservable(opened$).toBe('                      --s-----s-----p')
    })
  })
})
