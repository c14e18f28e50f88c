import {
  filter,
  ignoreElements,
  map,
  NEVER,
  type Observable,
  type OperatorFunction,
  pipe,
  skip,
  tap,
  throwError,
  timer,
} from 'rxjs'
import { type Link, type LinkEvent, type LongPollOptions } from '../../lib/index.ts'
import { errorLike } from '../support/channel.ts'
import { type Asked, type Said } from '../support/fake-fetch.ts'
import { run } from '../support/run.ts'
import { after, longPollOn, NONE, onOpen, OPENED, TAKEN } from './support.ts'

const values = { o: 'open', G: 'GET', P: 'POST', g: '-GET', p: '-POST' }
const polls = (index: number): Observable<Said> => (index === 0 ? after(1, OPENED) : NEVER)
/** A server whose polls are answered in time. */
const pollsOften = (index: number): Observable<Said> => after(1, index === 0 ? OPENED : NONE)
const frames = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, i) => `["${i + from}"]`)
const sendAll = (link: Link, all: readonly (string | Uint8Array)[]): void => {
  for (const frame of all) link.send(frame)
}
/** Sends these when the link opens, and gives no event. */
const sending = (all: readonly (string | Uint8Array)[]): OperatorFunction<LinkEvent, never> =>
  pipe(
    tap(
      onOpen((link) => {
        for (const frame of all) link.send(frame)
      }),
    ),
    ignoreElements(),
  )
/** `GET`, or the type and the lines of a POST. */
const bodyOf = ({ method, body, headers }: Asked): string =>
  method === 'GET' ? 'GET' : `${headers.get('content-type') ?? ''} ${body.replaceAll('\n', ' ')}`
const lines = (...all: readonly string[]): string => `application/x-ndjson ${all.join(' ')}`
const alone = (text: string): string => `application/json ${text}`

describe('long polling: posts', () => {
  it('puts what is sent in one turn into one request, and what comes meanwhile into the next', () => {
    run(({ cold, expectObservable }) => {
      const { events$, asked$ } = longPollOn({ polls, posts: () => after(4, TAKEN) })
      const links: Link[] = []
      const opened = onOpen((link) => {
        links.push(link)
        sendAll(link, frames(3))
      })
      cold('---a-b---', { a: ['["4"]'], b: ['["5"]', '["6"]'] }).subscribe((all) => {
        for (const link of links) sendAll(link, all)
      })

      expectObservable(
        events$.pipe(
          tap(opened),
          map(({ type }) => type),
        ),
        '^-----------!',
      ).toBe('-o', values)
      expectObservable(asked$.pipe(map(bodyOf))).toBe('G(GP)Q', {
        ...values,
        P: lines(...frames(3)),
        Q: lines('["4"]', '["5"]', '["6"]'),
      })
    })
  })

  it('puts at most 100 messages into a request, or as many as it is told', () => {
    run(({ expectObservable }) => {
      const sizes = (options: LongPollOptions): Observable<number> => {
        const { events$, asked$ } = longPollOn({ polls }, { options })
        expectObservable(events$.pipe(sending(frames(250))), '^---------!').toBe('')
        return asked$.pipe(
          filter(({ method }) => method === 'POST'),
          map(({ body }) => body.split('\n').length),
        )
      }

      expectObservable(sizes({})).toBe('                     -aab', { a: 100, b: 50 })
      expectObservable(sizes({ messagesPerPost: 99 })).toBe('-aab', { a: 99, b: 52 })
      expectObservable(sizes({ messagesPerPost: 50 })).toBe('-aaaaa', { a: 50 })
    })
  })

  it('sends alone what cannot stand in a line, and bytes in base64', () => {
    run(({ expectObservable }) => {
      const { events$, asked$ } = longPollOn({ polls })
      const sent = ['["1"]', '{"ref":"2"}', '["3"]', '["4"]', '["\n5"]', Uint8Array.of(0, 255), '["6"]']

      expectObservable(events$.pipe(sending(sent)), '^------!').toBe('')
      expectObservable(asked$.pipe(map(bodyOf), skip(2))).toBe('-ABCDE', {
        A: alone('["1"]'),
        B: alone('{"ref":"2"}'),
        C: lines('["3"]', '["4"]'),
        D: alone('[" 5"]'),
        E: lines('AP8=', '["6"]'),
      })
    })
  })

  it('shows how much is on its way', () => {
    run(({ cold, expectObservable }) => {
      const { events$ } = longPollOn({ polls, posts: () => after(3, TAKEN) })
      const links: Link[] = []
      const kept = tap(onOpen((link) => links.push(link)))
      const all = [...frames(3), Uint8Array.of(1, 2, 3)]
      const looks$ = cold('--a--a|').pipe(map(() => links[0]?.bufferedAmount))

      expectObservable(events$.pipe(kept, sending(all)), '^------!').toBe('')
      expectObservable(looks$).toBe('--a--b|', { a: 3 * 6 + 5, b: 0 })
    })
  })

  it.each([
    ['410', { status: 410 }, { code: 3410 }],
    [
      '408: the server was too slow with a message, and has dropped the others',
      { status: 408 },
      { code: 1011 },
    ],
    ['HTTP 413', { http: 413 }, { code: 1009 }],
    ['HTTP 500', { http: 500 }, { code: 1011, reason: 'the server answered with status 500' }],
  ])('ends the session when one is answered with %s, and aborts the poll', (_case, said: Said, facts) => {
    run(({ expectObservable }) => {
      const { events$, log$ } = longPollOn({ polls, posts: () => after(3, said) })

      expectObservable(events$.pipe(sending(frames(101)))).toBe(
        '----#',
        {},
        errorLike('ConnectionClosed', facts),
      )
      expectObservable(log$.pipe(skip(2))).toBe('-P--g', values)
    })
  })

  it('ends the session when one is not answered in time, or finds no server', () => {
    run(({ expectObservable }) => {
      const options = { requestTimeoutMs: 5 }
      const silent = longPollOn(
        { polls: (index) => (index === 0 ? after(1, OPENED) : NEVER), posts: () => NEVER },
        { options },
      )
      const nobody = longPollOn({ polls, posts: () => throwError(() => new TypeError('away')) })

      expectObservable(silent.events$.pipe(sending(frames(1)))).toBe(
        '------#',
        {},
        errorLike('ConnectionClosed', { code: 1005 }),
      )
      expectObservable(nobody.events$.pipe(sending(frames(1)))).toBe(
        '-#',
        {},
        errorLike('ConnectionClosed', { code: 1006, reason: 'away' }),
      )
    })
  })
})

describe('long polling: the time of a POST', () => {
  const big = `["${'x'.repeat(8_000)}"]`

  it('is a second longer for each 4 kB of its body, since nothing shows how much has gone out', () => {
    run(({ expectObservable }) => {
      const options = { requestTimeoutMs: 5 }
      const slow = longPollOn({ polls: pollsOften, posts: () => after(2_004, TAKEN) }, { options })
      const silent = longPollOn({ polls: pollsOften, posts: () => NEVER }, { options })

      expectObservable(slow.events$.pipe(sending([big])), '^ 3s !').toBe('')
      expectObservable(silent.events$.pipe(sending([big]))).toBe(
        '2006ms #',
        {},
        errorLike('ConnectionClosed', { code: 1005 }),
      )
    })
  })
})

describe('long polling: a page that is being left', () => {
  const page = new Map<string, Set<() => void>>()
  const listened = (type: string): Set<() => void> => page.get(type) ?? new Set()
  const fire = (type: string): void => {
    for (const listener of listened(type)) listener()
  }
  beforeEach(() => {
    Object.assign(globalThis, {
      addEventListener: (type: string, listener: () => void) => {
        page.set(type, listened(type).add(listener))
      },
      removeEventListener: (type: string, listener: () => void) => listened(type).delete(listener),
    })
  })
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'addEventListener')
    Reflect.deleteProperty(globalThis, 'removeEventListener')
  })

  it('sends its last messages in requests that outlive it, without waiting for others, until it is shown again', () => {
    run(({ cold, expectObservable, flush }) => {
      const { events$, asked$ } = longPollOn({ polls, posts: () => after(4, TAKEN) })
      const links: Link[] = []
      const kept = tap(onOpen((link) => links.push(link)))
      const say = (text: string): void => {
        links[0]?.send(text)
      }
      cold('--a--b---c', {
        a: () => {
          say('["before"]')
        },
        b: () => {
          say('["queued"]')
          fire('pagehide')
          say('["last"]')
        },
        c: () => {
          fire('pageshow')
          say('["back"]')
        },
      }).subscribe((act) => {
        act()
      })

      expectObservable(events$.pipe(kept, ignoreElements()), '^--------------!').toBe('')
      expectObservable(
        asked$.pipe(
          filter(({ method }) => method === 'POST'),
          map(({ body, keepalive }) => ({ body, keepalive })),
        ),
      ).toBe('--a--b---c', {
        a: { body: '["before"]', keepalive: false },
        b: { body: '["queued"]\n["last"]', keepalive: true },
        c: { body: '["back"]', keepalive: false },
      })
      flush()
      expect([listened('pagehide').size, listened('pageshow').size]).toEqual([0, 0])
    })
  })
})

describe('long polling: unsubscribing', () => {
  it('aborts the request for a session', () => {
    run(({ expectObservable }) => {
      const { words$, log$, open } = longPollOn({ polls: () => NEVER })

      expectObservable(words$, '^--!').toBe('')
      expectObservable(log$).toBe('     G--g', values)
      expectObservable(timer(5).pipe(map(open))).toBe('-----(0|)', { 0: 0 })
    })
  })

  it('aborts the poll and sends nothing if there is nothing to send', () => {
    run(({ expectObservable }) => {
      const { words$, log$, open } = longPollOn({ polls })

      expectObservable(words$, '^---!').toBe('-o', values)
      expectObservable(log$).toBe('     GG--g', values)
      expectObservable(timer(9).pipe(map(open))).toBe('---------(0|)', { 0: 0 })
    })
  })

  it('still sends what was sent in the same turn, such as a leave, in a request that outlives a page', () => {
    run(({ expectObservable, flush }) => {
      const { events$, asked$, log$, open } = longPollOn({ polls, posts: () => after(2, TAKEN) })
      const asked: Asked[] = []
      asked$.subscribe((each) => asked.push(each))
      const subscription = events$.subscribe(
        onOpen((link) => {
          sendAll(link, frames(101))
          subscription.unsubscribe()
          link.send('["late"]')
        }),
      )
      expectObservable(log$).toBe('GP-P', values)
      flush()

      const [, first, second] = asked
      expect(first?.body.split('\n')).toHaveLength(100)
      expect(second).toMatchObject({ body: '["101"]', keepalive: true })
      expect(open()).toBe(0)
    })
  })

  it('waits for the POST in progress, and then sends the rest', () => {
    run(({ cold, expectObservable }) => {
      const { events$, log$, open } = longPollOn({ polls, posts: () => after(4, TAKEN) })
      const links: Link[] = []
      const kept = tap(onOpen((link) => links.push(link)))
      cold('--a').subscribe(() => {
        links[0]?.send('["leave"]')
      })

      expectObservable(events$.pipe(kept, sending(frames(1))), '^--!').toBe('')
      expectObservable(log$.pipe(skip(2))).toBe('              -P-g-P', values)
      expectObservable(timer(10).pipe(map(open))).toBe('        ----------(0|)', { 0: 0 })
    })
  })

  it('gives up after two seconds, so that nothing keeps a process alive', () => {
    run(({ expectObservable }) => {
      const { events$, log$, open } = longPollOn({ polls, posts: () => NEVER })

      expectObservable(events$.pipe(sending(frames(101))), '^- 9ms !').toBe('')
      expectObservable(log$.pipe(skip(2))).toBe('                     -P 9ms g 1999ms p', values)
      expectObservable(timer(2012).pipe(map(open))).toBe('                 2012ms (0|)', { 0: 0 })
    })
  })

  it('sends nothing more when the session is over', () => {
    run(({ expectObservable }) => {
      const fake = longPollOn({
        polls: (index) => after(index === 0 ? 1 : 2, OPENED),
        posts: () => after(5, TAKEN),
      })

      expectObservable(fake.events$.pipe(sending(frames(101)))).toBe(
        '---#',
        {},
        errorLike('ConnectionClosed', { code: 3410 }),
      )
      expectObservable(fake.log$.pipe(skip(2))).toBe('-P-p', values)
    })
  })
})
