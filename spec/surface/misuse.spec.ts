import {
  browserPause,
  browserWake,
  consoleTrace,
  exponentialBackoff,
  hideKeys,
  InvalidArgument,
  longPollTransport,
  phoenixSocket,
  presence,
  probeRefusal,
  webSocketTransport,
} from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'

const channel = phoenixSocket('ws://localhost/socket', { transport: fakePhoenix().transport }).channel(
  'room:a',
)
const transport = webSocketTransport()
const headersOf = [
  ['webSocketTransport', (headers: never) => webSocketTransport({ headers })],
  ['longPollTransport', (headers: never) => longPollTransport({ headers })],
] as const

const thrownBy = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

const nothing = null as never

describe('misuse of a public function throws at the call and says what to pass', () => {
  it.each<[string, () => unknown, string]>([
    ['hideKeys of a text', () => hideKeys('iban' as never, () => undefined), 'words'],
    ['hideKeys of nothing', () => hideKeys(nothing, () => undefined), 'words'],
    ['hideKeys of no words', () => hideKeys([], () => undefined), 'words'],
    ['hideKeys of an invalid word', () => hideKeys([7 as never], () => undefined), 'words'],
    ['hideKeys without a tracer', () => hideKeys(['iban'], undefined as never), 'tracer'],
    ['consoleTrace of null', () => consoleTrace(nothing), 'options'],
    ['consoleTrace of a level', () => consoleTrace('error' as never), 'options'],
    ['consoleTrace into null', () => consoleTrace({ sink: nothing }), 'sink'],
    ['consoleTrace into a function', () => consoleTrace({ sink: (() => undefined) as never }), 'sink'],
    [
      'consoleTrace into half a console',
      () => consoleTrace({ sink: { info: () => undefined } as never }),
      'sink',
    ],
    ['consoleTrace of another level', () => consoleTrace({ level: 'all' as never }), 'level'],
    ['browserPause of null', () => browserPause(nothing), 'options'],
    ['browserPause of a time', () => browserPause(5000 as never), 'options'],
    ['browserPause of no page', () => browserPause({ page: nothing }), 'browserPause.page'],
    ['browserWake of null', () => browserWake(nothing), 'options'],
    ['browserWake of no page', () => browserWake({ page: nothing }), 'browserWake.page'],
    ['webSocketTransport of null', () => webSocketTransport(nothing), 'options'],
    ['longPollTransport of null', () => longPollTransport(nothing), 'options'],
    ['longPollTransport of a URL', () => longPollTransport('ws://h/socket' as never), 'options'],
    [
      'longPollTransport with an invalid fetch',
      () => longPollTransport({ fetch: nothing }),
      'longPollTransport.fetch',
    ],
    ['exponentialBackoff of null', () => exponentialBackoff(nothing), 'options'],
    ['exponentialBackoff of a time', () => exponentialBackoff(500 as never), 'options'],
    ['probeRefusal of nothing', () => probeRefusal(undefined as never), 'transport'],
    ['probeRefusal of options', () => probeRefusal({ everyMs: 5 } as never), 'transport'],
    ['probeRefusal with null', () => probeRefusal(transport, nothing), 'options'],
    [
      'probeRefusal with an invalid fetch',
      () => probeRefusal(transport, { fetch: nothing }),
      'probeRefusal.fetch',
    ],
    [
      'probeRefusal of another path',
      () => probeRefusal(transport, { path: '/socket' as never }),
      'probeRefusal.path',
    ],
    ['presence of nothing', () => presence(undefined as never), 'channel'],
    ['presence of a topic', () => presence('room:a' as never), 'channel'],
    ['presence with null', () => presence(channel, nothing), 'options'],
    ['presence with an event for events', () => presence(channel, { events: 'state' as never }), 'events'],
    ['presence with an invalid event', () => presence(channel, { events: { state: 7 as never } }), 'events'],
    ...headersOf.flatMap(([name, of]): [string, () => unknown, string][] => [
      [`${name} with null for headers`, () => of(nothing), `${name}.headers`],
      [`${name} with a text for headers`, () => of('origin: x' as never), `${name}.headers`],
      [`${name} with a list for headers`, () => of([['origin', 'x']] as never), `${name}.headers`],
      [`${name} with a header without a name`, () => of({ '': 'x' } as never), `${name}.headers`],
      [`${name} with a header name of two words`, () => of({ 'x y': 'x' } as never), `${name}.headers`],
      [`${name} with a header name and colon`, () => of({ 'origin:': 'x' } as never), `${name}.headers`],
      [`${name} with a header name over two lines`, () => of({ 'a\nb': 'x' } as never), `${name}.headers`],
    ]),
  ])('%s', (_name, act, argument) => {
    const error = thrownBy(act)

    expect(error).toBeInstanceOf(InvalidArgument)
    expect(error).toMatchObject({ _tag: 'InvalidArgument', argument })
    expect((error as InvalidArgument).message).toMatch(/: (pass|a header name consists) /)
  })

  it.each<[string, () => unknown]>([
    ['hideKeys in front of a function', () => hideKeys(['iban'], () => undefined)],
    ['consoleTrace into a sink', () => consoleTrace({ sink: console })],
    ['options that are undefined', () => exponentialBackoff(undefined)],
    ['a page of its own', () => browserPause({ hiddenForMs: 5 })],
    ['headers of any case', () => longPollTransport({ headers: { 'X-Trace_id': 'é' } })],
    ['presence with one event', () => presence(channel, { events: { state: 'who' } })],
    ['a probe over long polling', () => probeRefusal(transport, { path: 'longpoll' })],
  ])('takes %s', (_name, act) => {
    expect(thrownBy(act)).toBeUndefined()
  })
})
