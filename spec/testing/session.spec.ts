import { type Observable, Subject, throwError } from 'rxjs'
import { ConnectionClosed, type LinkEvent, type Transport } from '../../lib/index.ts'
import {
  parseSession,
  recordedJoins,
  recordingTransport,
  type SessionEvent,
  type SessionHeader,
} from '../../lib/testing/index.ts'

const HEADER =
  '{"session":"rx-phoenix","version":1,"url":"ws://h/socket","vsn":"2.0.0","recordedAt":"2026-01-01T00:00:00.000Z"}'

const rightOf = <A>(either: { _tag: string; right?: A; left?: unknown }): A => {
  if (either._tag === 'Right') return either.right as A
  throw new Error(JSON.stringify(either.left))
}

describe('parseSession', () => {
  it('reads a header and events, and ignores what it does not know', () => {
    const text = `${HEADER}\n{"atMs":1,"connection":1,"type":"open","later":true}\n\n{"atMs":2,"connection":1,"type":"new"}\n`
    const { header, events } = rightOf(parseSession(text))
    expect(header).toMatchObject({ version: 1, url: 'ws://h/socket', vsn: '2.0.0' })
    expect(events).toEqual([
      { atMs: 1, connection: 1, type: 'open', later: true },
      { atMs: 2, connection: 1, type: 'new' },
    ])
  })

  it('reads what begins with the mark that editors on Windows write', () => {
    const { header } = rightOf(parseSession(`\uFEFF${HEADER}\r\n`))
    expect(header.url).toBe('ws://h/socket')
  })

  it.each([
    ['', 1, /empty/],
    ['{"a"', 1, /not a JSON object/],
    ['[1]', 1, /not a JSON object/],
    ['{"atMs":1,"connection":1,"type":"open"}', 1, /first line has to be/],
    [HEADER.replace('"version":1', '"version":2'), 1, /version is 2/],
    [`${HEADER}\n{"atMs":1,"type":"open"}`, 2, /not \{ atMs/],
    [`${HEADER}\n\n{"atMs":1,"connection":1,"type":"in"}`, 3, /not \{ atMs/],
  ])('rejects %j and reports where', (text, line, reason) => {
    expect(parseSession(text)).toMatchObject({
      _tag: 'Left',
      left: { _tag: 'NotASession', line, reason: expect.stringMatching(reason) as string },
    })
  })
})

describe('recordingTransport', () => {
  const target = { url: 'ws://u:p@h/socket?token=t', params: {}, vsn: '2.0.0', authToken: 'hush' }
  const record = (transport: Transport) => {
    const written: (SessionHeader | SessionEvent)[] = []
    let now = 1_000
    const scheduler = {
      now: () => now,
      schedule: () => {
        throw new Error('it has no timers')
      },
    }
    const recorded = recordingTransport(transport, (line) => written.push(line), scheduler)
    return { written, recorded, at: (ms: number) => (now = 1_000 + ms) }
  }

  it('writes what passes through, without secrets, and passes it on unchanged', () => {
    const events$ = new Subject<LinkEvent>()
    const sent: unknown[] = []
    const { written, recorded, at } = record(() => events$)
    const seen: LinkEvent[] = []
    const subscription = recorded(target).subscribe((event) => seen.push(event))
    const link = { bufferedAmount: 7, send: (frame: unknown) => sent.push(frame) }
    at(5)
    events$.next({ type: 'open', link })
    const [opened] = seen
    if (opened?.type !== 'open') throw new Error('it did not open')
    expect(opened.link.bufferedAmount).toBe(7)
    at(6)
    opened.link.send('["1","1","a","phx_join",{"password":"hush"}]')
    opened.link.send(Uint8Array.of(1, 255))
    at(7)
    events$.next({ type: 'frame', frame: 'x' })
    at(8)
    subscription.unsubscribe()

    expect(sent).toEqual(['["1","1","a","phx_join",{"password":"hush"}]', Uint8Array.of(1, 255)])
    expect(seen.slice(1)).toEqual([{ type: 'frame', frame: 'x' }])
    expect(written).toEqual([
      {
        session: 'rx-phoenix',
        version: 1,
        url: 'ws://h/socket',
        vsn: '2.0.0',
        recordedAt: '1970-01-01T00:00:01.000Z',
      },
      { atMs: 5, connection: 1, type: 'open' },
      { atMs: 6, connection: 1, type: 'out', text: '["1","1","a","phx_join",{"password":"[redacted]"}]' },
      { atMs: 6, connection: 1, type: 'out', base64: 'Af8=' },
      { atMs: 7, connection: 1, type: 'in', text: 'x' },
      { atMs: 8, connection: 1, type: 'close' },
    ])
    expect(JSON.stringify(written)).not.toContain('hush')
  })

  it('writes how a connection was lost, counts the next one, and has one header', () => {
    const lost = (): Observable<never> =>
      throwError(() => new ConnectionClosed({ code: 1006, reason: 'secret', wasClean: false }))
    const { written, recorded } = record(lost)
    const errors: unknown[] = []
    const note = { error: (error: unknown) => errors.push(error) }
    recorded(target).subscribe(note)
    recorded(target).subscribe(note)
    expect(written.slice(1)).toEqual([
      { atMs: 0, connection: 1, type: 'close', cause: 'ConnectionClosed', code: 1006 },
      { atMs: 0, connection: 2, type: 'close', cause: 'ConnectionClosed', code: 1006 },
    ])
    expect(errors).toMatchObject([{ code: 1006 }, { code: 1006 }])
  })
})

describe('recordedJoins', () => {
  const joins = (...frames: readonly [type: 'in' | 'out', frame: unknown][]) =>
    recordedJoins(
      rightOf(
        parseSession(
          [
            HEADER,
            ...frames.map(([type, frame], i) =>
              JSON.stringify({ atMs: i * 10, connection: 1, type, text: JSON.stringify(frame) }),
            ),
            JSON.stringify({ atMs: 1000, connection: 1, type: 'close', cause: 'ConnectionClosed' }),
          ].join('\n'),
        ),
      ),
    )
  const ok = { status: 'ok', response: {} }

  it('puts each frame to its join, and each reply to its push', () => {
    expect(
      joins(
        ['out', ['1', '1', 'a', 'phx_join', {}]],
        ['in', ['1', '1', 'a', 'phx_reply', ok]],
        ['out', ['1', '2', 'a', 'save', { n: 1 }]],
        ['in', [null, null, 'a', 'news', { id: 1 }]],
        ['in', ['1', '2', 'a', 'phx_reply', { status: 'error', response: 'no' }]],
        ['out', [null, '3', 'phoenix', 'heartbeat', {}]],
        ['in', [null, '3', 'phoenix', 'phx_reply', ok]],
        ['in', ['1', '1', 'a', 'phx_error', {}]],
        ['out', ['4', '4', 'a', 'phx_join', {}]],
        ['in', ['1', null, 'a', 'late', {}]],
      ),
    ).toEqual([
      {
        topic: 'a',
        connection: 1,
        joinRef: '1',
        atMs: 0,
        reply: { ...ok, afterMs: 10 },
        pushes: [
          {
            event: 'save',
            payload: { n: 1 },
            ref: '2',
            afterMs: 20,
            reply: { status: 'error', response: 'no', afterMs: 20 },
          },
        ],
        messages: [{ event: 'news', payload: { id: 1 }, afterMs: 30 }],
        end: { type: 'crashed', afterMs: 70 },
      },
      {
        topic: 'a',
        connection: 1,
        joinRef: '4',
        atMs: 80,
        reply: undefined,
        pushes: [],
        messages: [],
        end: { type: 'lost', afterMs: 920 },
      },
    ])
  })
})
