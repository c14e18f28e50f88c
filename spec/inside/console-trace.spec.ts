import { firstValueFrom, of, toArray } from 'rxjs'
import { consoleTrace, hideKeys, type Message, phoenixSocket, type TraceLevel } from '../../lib/index.ts'
import { describeEvent } from '../../lib/inside/describe-event.ts'
import { answerOk, errorTo, fakePhoenix } from '../../lib/testing/index.ts'
import { ConnectionClosed, HeartbeatTimeout, InputFailed } from '../../lib/protocol/connection-error.ts'
import { DecodeFailed } from '../../lib/protocol/decode-failed.ts'
import { type Happening, type ShownFrame } from '../../lib/inside/trace-event.ts'

/** The lines that one push prints, without their times; `!` marks those for `error`, `.` those for `debug`. */
const linesOf = async (level: TraceLevel | undefined, payload: object = {}): Promise<string[]> => {
  const lines: string[] = []
  const say = (mark: string) => (line: string) => {
    lines.push(mark + line)
  }
  const sink = { error: say('!'), info: say(' '), debug: say('.') }
  const trace = consoleTrace(level === undefined ? { sink } : { level, sink })
  const answer = (message: Message): ReturnType<typeof answerOk> =>
    message.event === 'refused' ? of(errorTo(message, { reason: 'no' })) : answerOk(message)
  const socket = phoenixSocket('ws://localhost/socket', {
    transport: fakePhoenix({ answer }).transport,
    trace,
  })
  const room = socket.channel('room:a')
  await firstValueFrom(room.push(level === 'error' ? 'refused' : 'hello', payload).pipe(toArray())).catch(
    () => undefined,
  )
  return lines.map((line) => line.replace(/^(.) *\d+\.\d{3} /, '$1').replace(/after \d+ ms/, 'after 0 ms'))
}

describe('consoleTrace', () => {
  it('begins each line with the seconds since the first event, on the clock of the scheduler', () => {
    const lines: string[] = []
    const trace = consoleTrace({ sink: { ...console, info: (line: string) => lines.push(line) } })
    for (const atMs of [5_000, 5_007, 86_405_000])
      trace({ atMs, type: 'connection', number: 1, state: { status: 'idle' }, cause: undefined })
    expect(lines).toEqual([
      '   0.000 connection idle',
      '   0.007 connection idle',
      '86400.000 connection idle',
    ])
  })

  it('prints transitions, joins and pushes', async () => {
    expect(await linesOf(undefined)).toEqual([
      ' connection connecting',
      ' room:a: waiting',
      ' connection open, #1',
      ' room:a: joining',
      ' room:a: join ok after 0 ms',
      ' room:a: joined',
      ' room:a: push hello ok after 0 ms',
      ' room:a: idle',
      ' connection idle',
    ])
  })

  it('prints only what failed, if asked to', async () => {
    expect(await linesOf('error')).toEqual(['!room:a: push refused PushRefused after 0 ms'])
  })

  it('prints frames too, if asked to, without credentials', async () => {
    const lines = await linesOf('frames', { token: 'hush', text: 'hi' })
    expect(lines).toContain('.-> #1 55 B ["1","2","room:a","hello",{"token":"[redacted]","text":"hi"}]')
    expect(lines).toContain('.room:a: push hello, start')
    expect(lines.join()).not.toContain('hush')
  })

  it('throws at the call for an unknown level', () => {
    expect(() => consoleTrace({ level: 'all' as TraceLevel })).toThrow(/^level is .*: pass /)
  })
})

const lost = new ConnectionClosed({ code: 1006, reason: '', wasClean: false })
const about = { id: 1, connectionId: 2, latencyMs: 12.4 } as const
const head = { topic: 'a', event: 'news', ref: null, joinRef: '1' }
const lines: readonly (readonly [Happening<ShownFrame>, string])[] = [
  [
    {
      type: 'connection',
      number: 1,
      state: { status: 'waiting', attempt: 1, retryInMs: 99.7, cause: lost },
      cause: undefined,
    },
    `error connection waiting 100 ms after ConnectionClosed: ${lost.message}`,
  ],
  [
    { type: 'connection', number: 2, state: { status: 'connecting', attempt: 3 }, cause: undefined },
    'info connection 2 connecting again, attempt 3',
  ],
  [
    { type: 'connection', number: 1, state: { status: 'paused' }, cause: undefined },
    'info connection paused',
  ],
  [
    { type: 'connection', number: 1, state: { status: 'idle' }, cause: new HeartbeatTimeout(9) },
    `error connection failed permanently: HeartbeatTimeout: ${new HeartbeatTimeout(9).message}`,
  ],
  [
    {
      type: 'channel',
      topic: 'a',
      connectionId: 1,
      state: { status: 'errored', retryInMs: 5, cause: 'JoinTimeout' },
    },
    'error a: errored, rejoins in 5 ms: JoinTimeout',
  ],
  [
    { type: 'channel', topic: 'a', connectionId: 1, state: { status: 'idle', cause: 'JoinRefused' } },
    'error a: failed permanently: JoinRefused',
  ],
  [
    { type: 'channel', topic: 'a', connectionId: 1, state: { status: 'joined', rejoined: true } },
    'info a: joined again',
  ],
  [{ type: 'heartbeat', step: 'end', outcome: 'ok', ...about }, 'frames heartbeat on #2 ok after 12 ms'],
  [
    { type: 'heartbeat', step: 'end', outcome: 'HeartbeatTimeout', ...about },
    'error heartbeat on #2 HeartbeatTimeout after 12 ms',
  ],
  [{ type: 'join', topic: 'a', step: 'start', ...about }, 'frames a: join, start'],
  [
    { type: 'join', topic: 'a', step: 'end', outcome: 'abandoned', ...about },
    'frames a: join abandoned after 12 ms',
  ],
  [
    { type: 'push', topic: 'a', event: 'hi', ref: '3', step: 'end', outcome: 'PushTimeout', ...about },
    'error a: push hi PushTimeout after 12 ms',
  ],
  [
    { type: 'dropped', connectionId: 2, reason: 'unknown ref', message: head },
    'frames a: dropped news on #2, unknown ref',
  ],
  [
    {
      type: 'frame-in',
      connectionId: 2,
      durationMs: 0,
      frame: 'x'.repeat(200),
      byteLength: 200,
      message: undefined,
    },
    `frames <- #2 200 B ${'x'.repeat(160)}…`,
  ],
  [
    {
      type: 'frame-in',
      connectionId: 2,
      durationMs: 0,
      frame: 'a\n   0.000 fake\u001b[31m\u2028',
      byteLength: 9,
      message: undefined,
    },
    'frames <- #2 9 B a\\u000a   0.000 fake\\u001b[31m\\u2028',
  ],
  [
    { type: 'input-failed', error: new InputFailed('wake', 'x') },
    `error ${new InputFailed('wake', 'x').message}`,
  ],
]

describe('describeEvent', () => {
  it.each(lines.map(([event, line]) => [line, event] as const))('says %j', (line, event) => {
    const { level, text } = describeEvent({ atMs: 0, ...event })
    expect(`${level} ${text}`).toBe(line)
  })
})

describe('hideKeys', () => {
  const told: unknown[] = []
  const trace = hideKeys(['iban', 'birth.'], (event) => told.push(event))
  const frame = '["1","2","a","pay",{"myIBAN":"DE1","birth.day":[1],"birthday":"keep","n":7}]'
  const hidden =
    '["1","2","a","pay",{"myIBAN":"[redacted]","birth.day":"[redacted]","birthday":"keep","n":7}]'

  it('hides the values of keys that hold a word, whatever its case, and takes the word as it is', () => {
    const facts = {
      atMs: 0,
      type: 'frame-in',
      connectionId: 1,
      durationMs: 0,
      byteLength: 1,
      message: undefined,
    } as const
    trace({ ...facts, frame })
    expect(told.pop()).toEqual({ ...facts, frame: hidden })
  })

  it('hides them in frames that cannot be decoded, and lets all else pass', () => {
    const error = new DecodeFailed({ frame, error: { _tag: 'NotAMessage', reason: 'no' } })
    trace({ atMs: 0, type: 'decode-failed', connectionId: 1, error })
    expect(told.pop()).toMatchObject({ error: { frame: hidden, event: undefined } })
    const issues = [
      { path: ['myIBAN'], message: 'expected a number, received "DE1"' },
      { path: ['n'], message: 'got {"iban":"DE1"}' },
    ]
    const turnedDown = new DecodeFailed({ frame, event: 'pay', error: issues })
    trace({ atMs: 0, type: 'decode-failed', connectionId: 1, error: turnedDown })
    const { error: shown } = told.pop() as { error: DecodeFailed }
    expect(shown.issues).toEqual([
      { path: ['myIBAN'], message: '[redacted]' },
      { path: ['n'], message: 'got {"iban":"[redacted]"}' },
    ])
    expect(shown.message).not.toContain('DE1')
    trace({ atMs: 0, type: 'input-failed', error: new InputFailed('wake', 'x') })
    expect(told.pop()).toMatchObject({ type: 'input-failed' })
  })

  it.each([[[]], [['']]])('throws at the call for %j, which hides nothing', (words) => {
    expect(() => hideKeys(words, () => undefined)).toThrow(/^words is .*: pass /)
  })
})
