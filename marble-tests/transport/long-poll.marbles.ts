import { ignoreElements, map, NEVER, tap, throwError } from 'rxjs'
import { type Link } from '../../lib/index.ts'
import { errorLike } from '../support/channel.ts'
import { run } from '../support/run.ts'
import { type Said } from '../support/fake-fetch.ts'
import { after, longPollOn, NONE, onOpen, OPENED, told } from './support.ts'

const values = { o: 'open', G: 'GET', g: '-GET', 1: '["1"]', 2: '["2"]', 3: '["3"]' }

describe('long polling: polls', () => {
  it('opens with the first answer, then asks again and again, one request at a time', () => {
    run(({ expectObservable }) => {
      const answers = [after(2, OPENED), after(3, NONE), after(4, NONE)]
      const { words$, log$ } = longPollOn({ polls: (index) => answers[index] ?? NEVER })

      expectObservable(words$, '^------------!').toBe('--o', values)
      expectObservable(log$).toBe('             G-G--G---G---g', values)
    })
  })

  it('emits the messages of an answer in order, and polls again afterwards', () => {
    run(({ expectObservable }, scheduler) => {
      const answers = [after(2, OPENED), after(3, told('["1"]', '["2"]', '["3"]')), after(5, told('["1"]'))]
      const polls = (index: number) => answers[index] ?? NEVER
      const { words$, log$ } = longPollOn({ polls }, { options: { scheduler } })

      expectObservable(words$, '^-----------!').toBe('--o--(123)1', values)
      expectObservable(log$).toBe('              G-G--G----G-g', values)
    })
  })

  it('emits a message that is not text as JSON, and treats an answer without a list as empty', () => {
    run(({ expectObservable }) => {
      const odd = { status: 200, messages: 'none' } as unknown as Said
      const answers = [after(1, OPENED), after(1, told({ topic: 'a' })), after(1, odd)]
      const { words$, log$ } = longPollOn({ polls: (index) => answers[index] ?? NEVER })

      expectObservable(words$, '^----!').toBe('-oj', { ...values, j: '{"topic":"a"}' })
      expectObservable(log$, '  ^---!').toBe('GGGG', values)
    })
  })

  it('emits nothing more, and polls no more, when everybody unsubscribes at a message', () => {
    run(({ expectObservable, flush }) => {
      const answers = [after(1, OPENED), after(1, told('["1"]', '["2"]'))]
      const { words$, log$ } = longPollOn({ polls: (index) => answers[index] ?? NEVER })
      const heard: string[] = []
      const subscription = words$.subscribe((word) => {
        heard.push(word)
        if (word === '["1"]') subscription.unsubscribe()
      })
      expectObservable(log$).toBe('GG', values)
      flush()

      expect(heard).toEqual(['open', '["1"]'])
    })
  })
})

describe('long polling: an answer that takes long to arrive', () => {
  const options = { requestTimeoutMs: 5 }
  const pieces = { a: '{"status":200,', b: '"messages":["é', c: '"]}' }

  it('is waited for as long as its bytes flow', () => {
    run(({ cold, expectObservable }) => {
      const slow = after(4, { pieces: cold('---a---b---(c|)', pieces) })
      const answers = [after(1, OPENED), slow]
      const { words$ } = longPollOn({ polls: (index) => answers[index] ?? after(1, NONE) }, { options })

      expectObservable(words$, '^------------------!').toBe('-o--------------m', { o: 'open', m: 'é' })
    })
  })

  it('shows that bytes come, as a sign of life', () => {
    run(({ cold, expectObservable }) => {
      const slow = after(1, { pieces: cold('-a--b--(c|)', pieces) })
      const answers = [after(1, OPENED), slow]
      const { events$ } = longPollOn({ polls: (index) => answers[index] ?? NEVER })
      const links: Link[] = []
      const looks$ = cold('--a-b--c|').pipe(map(() => links[0]?.bytesReceived))

      expectObservable(events$.pipe(tap(onOpen((link) => links.push(link))), ignoreElements()), '^--------!')
      expectObservable(looks$).toBe('--a-b--c|', { a: 0, b: 14, c: 29 })
    })
  })

  it('ends the session when its bytes stop for requestTimeoutMs', () => {
    run(({ cold, expectObservable }) => {
      const answers = [after(1, OPENED), after(4, { pieces: cold('---a------b', pieces) })]
      const { words$ } = longPollOn({ polls: (index) => answers[index] ?? NEVER }, { options })

      expectObservable(words$).toBe(
        '-o-----------#',
        values,
        errorLike('ConnectionClosed', { code: 1005, reason: 'the server did not answer within 5 ms' }),
      )
    })
  })

  it('is waited for 20 s by default', () => {
    run(({ expectObservable }) => {
      const { words$ } = longPollOn({ polls: (index) => (index === 0 ? after(1, OPENED) : NEVER) })

      expectObservable(words$).toBe('-o 19999ms #', values, errorLike('ConnectionClosed', { code: 1005 }))
    })
  })
})

describe('long polling: the end of a session', () => {
  const ended = (said: Said, error: object): void => {
    run(({ expectObservable }) => {
      const answers = [after(1, OPENED), after(3, told('["1"]')), after(3, said)]
      const { words$, log$ } = longPollOn({ polls: (index) => answers[index] ?? NEVER })

      expectObservable(words$).toBe('-o--1--#', values, errorLike('ConnectionClosed', error))
      expectObservable(log$).toBe('   GG--G---', values)
    })
  }

  it.each([
    ['410: the server has forgotten it, and has opened another', OPENED, { code: 3410, wasClean: false }],
    ['403: the server refuses us now', { status: 403 }, { code: 1008, reason: 'forbidden' }],
    ['500 in the body', { status: 500 }, { code: 1011 }],
    [
      '502 of a proxy',
      { http: 502, text: '<html>' },
      { code: 1011, reason: 'the server answered with status 502' },
    ],
    ['a page of a proxy', { http: 200, text: '<html>' }, { code: 1011 }],
    ['no answer at all', { http: 204 }, { code: 1011 }],
  ])('ends with ConnectionClosed after %s', (_case, said, error) => {
    ended(said, error)
  })

  it('reports that the network failed', () => {
    run(({ expectObservable }) => {
      const cause = new TypeError('fetch failed', { cause: new Error('socket hang up') })
      const { words$ } = longPollOn({
        polls: (index) => (index === 0 ? after(1, OPENED) : throwError(() => cause)),
      })

      expectObservable(words$).toBe(
        '-(o#)',
        values,
        errorLike('ConnectionClosed', { code: 1006, reason: 'fetch failed: socket hang up' }),
      )
    })
  })

  it('reports a poll that is not answered in time, and aborts it', () => {
    run(({ expectObservable }) => {
      const { words$, log$ } = longPollOn(
        { polls: (index) => (index === 0 ? after(1, OPENED) : NEVER) },
        { options: { requestTimeoutMs: 5 } },
      )

      expectObservable(words$).toBe(
        '-o----#',
        values,
        errorLike('ConnectionClosed', { code: 1005, reason: 'the server did not answer within 5 ms' }),
      )
      expectObservable(log$).toBe('GG----g', values)
    })
  })
})

describe('long polling: no session', () => {
  const refused = (said: Said, tag: string, facts: object): void => {
    run(({ expectObservable }) => {
      const { words$, log$ } = longPollOn({ polls: () => after(2, said) })

      expectObservable(words$).toBe('--#', values, errorLike(tag, facts))
      expectObservable(log$).toBe('G', values)
    })
  }

  it.each([
    ['403 in the body', { status: 403 }, { status: 403, body: undefined }],
    ['410 without a token', { status: 410 }, { status: 410 }],
    ['HTTP 500', { http: 500, text: 'oops' }, { status: 500, body: 'oops' }],
    [
      'HTTP 404 with much to say',
      { http: 404, text: 'x'.repeat(2000) },
      { status: 404, body: 'x'.repeat(1000) },
    ],
    [
      'HTTP 429',
      { http: 429, headers: { 'retry-after': '7' } },
      { status: 429, retryAfterMs: 7000, body: undefined },
    ],
  ])('is refused with %s', (_case, said: Said, facts) => {
    refused(said, 'ConnectionRefused', facts)
  })

  it.each([
    ['a page', { http: 200, text: '<html>welcome</html>' }],
    ['JSON of something else', { http: 200, text: '{"ok":true}' }],
    ['null', { http: 200, text: 'null' }],
    ['nothing', { http: 200, text: '' }],
  ])('fails where the address answers with %s', (_case, said: Said) => {
    refused(said, 'ConnectionFailed', {
      message: expect.stringContaining('did not come from the long-poll endpoint') as string,
    })
  })

  it('fails where nobody answers, immediately or in time', () => {
    run(({ expectObservable }) => {
      const cause = new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
      const nobody = longPollOn({ polls: () => throwError(() => cause) })
      const silent = longPollOn({ polls: () => NEVER }, { options: { requestTimeoutMs: 4 } })
      const said = (message: string): unknown =>
        errorLike('ConnectionFailed', { message: expect.stringContaining(message) as string })

      expectObservable(nobody.words$).toBe('    #', {}, said('fetch failed: connect ECONNREFUSED'))
      expectObservable(silent.words$).toBe('----#', {}, said('did not answer within 4 ms'))
      expectObservable(silent.log$).toBe('  G---g', values)
    })
  })
})
