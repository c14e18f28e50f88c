import { map, merge, NEVER, type Observable, of, tap } from 'rxjs'
import { type Message, type Metrics, metrics, type PhoenixSocket } from '../../lib/index.ts'
import { answerOk, broadcast, errorTo, okTo } from '../../lib/testing/index.ts'
import { countingScheduler } from '../support/counting-scheduler.ts'
import { run } from '../support/run.ts'
import { closedWith, inOrder, socketOn } from '../support/socket.ts'

/** Quantiles are off by 1 percent at most. */
const near = (ms: number): unknown => expect.closeTo(ms, 1)
const none = { count: 0, p50Ms: undefined, p95Ms: undefined, p99Ms: undefined, maxMs: undefined }
const nothing = {
  connections: { open: 0, opened: 0, reconnects: 0, lost: 0, failed: 0 },
  frames: { in: { count: 0, bytes: 0, codecMs: 0 }, out: { count: 0, bytes: 0, codecMs: 0 } },
  joins: { outcomes: {}, latency: none },
  pushes: { pending: 0, outcomes: {}, latency: none, waited: none },
  heartbeats: { outcomes: {}, latency: none },
  dropped: {},
  decodeFailures: 0,
  inputFailures: 0,
}

/** A diagram of when values come; the last of them is kept. */
const last = (
  metrics$: Observable<Metrics>,
): { readonly ticks$: Observable<string>; readonly value: () => Metrics } => {
  let value: Metrics | undefined
  return {
    ticks$: metrics$.pipe(
      map((each) => {
        value = each
        return 'm'
      }),
    ),
    value: () => {
      if (!value) throw new Error('no value came')
      return value
    },
  }
}

describe('metrics', () => {
  it('emits zeros immediately, does not connect, and emits nothing more while nothing happens', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn({})
      expectObservable(metrics(socket), '--^ 5s !').toBe('--m', { m: { sinceMs: 2, atMs: 2, ...nothing } })
    })
  })

  it('counts pushes by outcome, and measures their wait and their reply apart', () => {
    const seen = run(({ cold, expectObservable }) => {
      const answer = (message: Message): Observable<Message> => {
        if (message.event === 'phx_join') return cold('--r', { r: okTo(message) })
        if (message.event === 'refused') return cold('---r', { r: errorTo(message, {}) })
        return message.event === 'ok' ? cold('----r', { r: okTo(message) }) : NEVER
      }
      const { socket } = socketOn(
        { answer, link: () => merge(cold('---o', { o: 'open' as const }), NEVER) },
        {
          heartbeatIntervalMs: 0,
        },
      )
      const a = socket.channel('a')
      const error = (_tag: string): unknown => expect.objectContaining({ _tag })
      const { ticks$, value } = last(metrics(socket, { everyMs: 10 }))

      expectObservable(ticks$, '^-------------------!').toBe('m---------m')
      expectObservable(a.push('ok')).toBe('---------(r|)', { r: {} })
      expectObservable(a.push('refused')).toBe('--------#', {}, error('PushRefused'))
      expectObservable(a.push('slow', {}, { timeoutMs: 8 })).toBe('--------#', {}, error('PushTimeout'))
      expectObservable(a.push('slow'), '^-----------------------!').toBe('')
      return value
    })()

    expect(seen.pushes).toEqual({
      pending: 1,
      outcomes: { ok: 1, PushRefused: 1, PushTimeout: 1 },
      latency: { count: 2, p50Ms: near(3), p95Ms: 4, p99Ms: 4, maxMs: 4 },
      waited: expect.objectContaining({ count: 4, maxMs: 5 }) as unknown,
    })
  })

  it('counts connections, reconnects, losses and failed attempts, on a socket that is open already', () => {
    const seen = run(({ cold, expectObservable }) => {
      const link = inOrder(
        cold('o-----#', { o: 'open' as const }, closedWith(1006)),
        cold('#', undefined, closedWith(1006)),
        merge(of('open' as const), NEVER),
      )
      const { socket } = socketOn({ link }, { heartbeatIntervalMs: 0, reconnect: () => 3 })
      const { ticks$, value } = last(metrics(socket, { everyMs: 1 }))

      expectObservable(socket.channel('a').on('news'), '^-------------------!').toBe('')
      expectObservable(ticks$, '--^------------!').toBe('--m----m--m--m')
      return value
    })()

    expect(seen.connections).toEqual({ open: 1, opened: 1, reconnects: 1, lost: 1, failed: 1 })
    expect(seen.joins.outcomes).toEqual({ ok: 1 })
  })

  it('counts frames and their bytes, drops and failures', () => {
    const seen = run(({ cold, expectObservable }) => {
      const link = merge(
        cold('o-gb', { o: 'open' as const, g: { raw: '"é€"' }, b: broadcast('other', 'news') }),
        NEVER,
      )
      const { socket } = socketOn({ link: () => link, answer: () => NEVER }, { heartbeatIntervalMs: 0 })
      const { ticks$, value } = last(metrics(socket, { everyMs: 1 }))

      expectObservable(ticks$, '^-----!').toBe('mm-m')
      expectObservable(socket, '^----!').toBe('(oo)', { o: expect.anything() as unknown })
      return value
    })()
    const frame = JSON.stringify([null, null, 'other', 'news', {}])

    expect(seen.frames.in).toMatchObject({ count: 2, bytes: 7 + frame.length })
    expect(seen.frames.out.count).toBe(0)
    expect([seen.dropped, seen.decodeFailures]).toEqual([{ 'topic not joined': 1 }, 1])
  })

  it('measures the round trip of heartbeats', () => {
    const seen = run(({ cold, expectObservable }) => {
      const answer = (message: Message): Observable<Message> =>
        message.event === 'heartbeat' ? cold('--r', { r: okTo(message) }) : answerOk(message)
      const { socket } = socketOn({ answer }, { heartbeatIntervalMs: 5 })
      const { ticks$, value } = last(metrics(socket, { everyMs: 1 }))

      expectObservable(socket.channel('a').on('news'), '^-----------------!').toBe('')
      expectObservable(ticks$, '^--------!').toBe('m-----m-m')
      return value
    })()
    expect(seen.heartbeats).toMatchObject({ outcomes: { ok: 1 }, latency: { count: 1, p50Ms: near(2) } })
  })

  it('counts for each subscriber from its subscription, and takes no timer and no work with it when it goes', () => {
    run(({ expectObservable }, scheduler) => {
      const counting = countingScheduler(scheduler)
      const { socket } = socketOn({}, { scheduler: counting, heartbeatIntervalMs: 0 })
      const sent = metrics(socket, { everyMs: 2 }).pipe(map(({ frames }) => String(frames.out.count)))

      expectObservable(sent, '^---!').toBe('0-1')
      expectObservable(socket.channel('a').on('news'), '^----!').toBe('')
      expectObservable(sent, '---^-------!').toBe('---0---1')
      scheduler.schedule(() => {
        expect(counting.pending()).toBe(0)
      }, 20)
    })
  })

  it('lets whoever hears the first value connect, and counts that', () => {
    run(({ expectObservable }) => {
      const { socket } = socketOn({}, { heartbeatIntervalMs: 0 })
      const held: { unsubscribe: () => void }[] = []
      const connect = (): void => {
        if (held.length === 0) held.push(socket.subscribe())
      }
      const opened$ = metrics(socket, { everyMs: 2 }).pipe(
        tap(connect),
        map(({ connections }) => String(connections.opened)),
      )
      expectObservable(opened$, '^---!').toBe('0-1')
    })
  })

  it('throws at the call for what it cannot count', () => {
    const { socket } = socketOn({})
    for (const given of [undefined, of(1), {}])
      expect(() => metrics(given as PhoenixSocket)).toThrow(/^socket is .*: pass /)
    expect(() => metrics(socket, { everyMs: 0 })).toThrow(/^everyMs is .*: pass /)
  })
})
