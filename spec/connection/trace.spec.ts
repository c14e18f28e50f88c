import { asyncScheduler, firstValueFrom, merge, takeUntil, timer, toArray } from 'rxjs'
import {
  InputFailed,
  type Metrics,
  metrics,
  phoenixSocket,
  serializerV2,
  type TraceEvent,
  traceTo,
} from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'
import { type Trace } from '../../lib/connection/trace.ts'
import { showFrame, traceEvents } from '../../lib/inside/trace-events.ts'

describe('trace', () => {
  it('emits every frame and every state, with the time', async () => {
    const events: TraceEvent[] = []
    const { transport } = fakePhoenix()
    const socket = phoenixSocket('ws://localhost/socket', {
      transport,
      trace: traceTo((event) => events.push(event)),
    })
    await firstValueFrom(socket.channel('a').push('hello'))

    expect(
      events.map((event) => {
        if ('state' in event) return `${event.type} ${event.state.status}`
        return 'step' in event ? `${event.type} ${event.step}` : event.type
      }),
    ).toEqual([
      'push start',
      'connection connecting',
      'channel waiting',
      'connection open',
      'channel joining',
      'join start',
      'frame-out',
      'frame-in',
      'join end',
      'channel joined',
      'push sending',
      'frame-out',
      'frame-in',
      'push end',
      'frame-out',
      'frame-in',
      'frame-in',
      'channel idle',
      'connection idle',
    ])
    expect(events.every(({ atMs }) => atMs > 0)).toBe(true)
  })

  it('emits how long encoding and decoding took, and metrics add it up', async () => {
    const busy = <A>(result: A): A => {
      const until = performance.now() + 3
      while (performance.now() < until);
      return result
    }
    const { vsn } = serializerV2
    const events: TraceEvent[] = []
    const { transport } = fakePhoenix()
    const socket = phoenixSocket('ws://localhost/socket', {
      transport,
      serializer: {
        vsn,
        encode: (message) => busy(serializerV2.encode(message)),
        decode: (frame) => busy(serializerV2.decode(frame)),
      },
      trace: traceTo((event) => events.push(event)),
    })
    const counted: Metrics[] = []
    const counting = metrics(socket, { everyMs: 1 }).subscribe((each) => counted.push(each))
    await firstValueFrom(socket.channel('a').push('hello'))
    await firstValueFrom(timer(10))
    counting.unsubscribe()

    for (const [type, direction] of [
      ['frame-out', 'out'],
      ['frame-in', 'in'],
    ] as const) {
      const took = events.flatMap((event) => (event.type === type ? [event.durationMs] : []))
      expect(took.length).toBeGreaterThan(1)
      expect(Math.min(...took)).toBeGreaterThanOrEqual(3)
      expect(counted.at(-1)?.frames[direction].codecMs).toBeGreaterThanOrEqual(3 * took.length)
    }
  })

  it('holds no token and no secret of params, payloads or the query', async () => {
    const events: TraceEvent[] = []
    const { transport } = fakePhoenix()
    const socket = phoenixSocket('ws://me:hush@localhost/socket?key=hush', {
      transport,
      authToken: 'hush',
      params: { token: 'hush' },
      trace: traceTo((event) => events.push(event)),
    })
    await firstValueFrom(
      merge(
        socket,
        socket.channel('a', { params: { token: 'hush' } }).push('login', { user: { password: 'hush' } }),
      ).pipe(takeUntil(timer(0)), toArray()),
    )

    expect(events.filter(({ type }) => type === 'frame-out').length).toBeGreaterThan(1)
    expect(JSON.stringify(events)).not.toContain('hush')
  })

  it('emits a failed attempt without the value that failed', async () => {
    const events: TraceEvent[] = []
    const socket = phoenixSocket(() => 'ftp://me:hush@localhost/socket?token=hush', {
      authToken: () => 'hush',
      reconnect: () => 'stop',
      trace: traceTo((event) => events.push(event)),
    })
    const error: unknown = await firstValueFrom(socket.pipe(toArray())).catch((cause: unknown) => cause)

    expect(error).toBeInstanceOf(InputFailed)
    expect(
      `${String(error)} ${String((error as InputFailed).cause)} ${JSON.stringify([error, events])}`,
    ).not.toContain('hush')
  })

  it('costs nothing without a listener: there is nothing to call', () => {
    const trace: Trace = { emit: undefined }
    const events$ = traceEvents(trace, asyncScheduler)
    expect(trace.emit).toBeUndefined()
    const listening = events$.subscribe()
    expect(trace.emit).toBeDefined()
    listening.unsubscribe()
    expect(trace.emit).toBeUndefined()
  })

  it('shows texts without secrets, and of bytes their number', () => {
    expect(showFrame('{"token":"hush","a":1}')).toEqual({
      frame: '{"token":"[redacted]","a":1}',
      byteLength: 22,
    })
    expect(showFrame(new Uint8Array(5))).toEqual({ frame: '<5 bytes>', byteLength: 5 })
    expect(showFrame('"é€"').byteLength).toBe(7)
  })
})
