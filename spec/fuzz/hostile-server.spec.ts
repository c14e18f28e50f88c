import { left } from 'fp-ts/Either'
import { config, merge, NEVER, type Observable, of, Subject } from 'rxjs'
import { type Message, phoenixSocket, presence, traceTo } from '../../lib/index.ts'
import { liveState } from '../../lib/live-state/index.ts'
import { answerOk, broadcast, fakePhoenix, okTo, pushed } from '../../lib/testing/index.ts'
import { framesOf, recordings } from '../support/recordings.ts'
import { mutateText } from './mutate.ts'
import { inputs, Random, SEED, withoutStacks } from './random.ts'

const DEEP = 100_000
const deepList = `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`
const deepObject = `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`

const EVENTS = [
  'news',
  'presence_state',
  'presence_diff',
  'state:change',
  'state:patch',
  'error',
  'phx_reply',
  'odd',
]

/** A client that uses all there is, and a server that says what it is told to. */
const session = () => {
  const raw$ = new Subject<{ readonly raw: string }>()
  const server = fakePhoenix({
    link: () => merge(of('open' as const), raw$, NEVER),
    answer: (message): Observable<Message> => (message.event === 'quiet' ? NEVER : answerOk(message)),
  })
  const joins: string[] = []
  server.sent$.subscribe(({ event, ref }) => {
    if (event === 'phx_join') joins.push(ref ?? '')
  })
  let traced = 0
  const socket = phoenixSocket('ws://localhost/socket', {
    transport: server.transport,
    heartbeatIntervalMs: 0,
    rejoin: () => 0,
    trace: traceTo(() => (traced += 1)),
  })
  const channel = socket.channel('room:a')
  const heard: unknown[] = []
  const everything = merge(
    socket,
    channel,
    channel.messages$,
    channel.on('news', () => left('no')),
    presence(channel),
    presence(channel).changes$,
    liveState(channel, { dialect: 'live-state' }),
    liveState(channel, { dialect: 'seance' }).version$,
  ).subscribe({ error: (error: unknown) => heard.push(error) })
  const news = channel.on('hello').subscribe((value) => heard.push(value))
  return {
    socket,
    channel,
    heard,
    traced: () => traced,
    joinRef: () => joins.at(-1) ?? '',
    say: (raw: string) => {
      raw$.next({ raw })
    },
    end: () => {
      everything.unsubscribe()
      news.unsubscribe()
    },
  }
}

describe(`a client of a server that sends anything (FUZZ_SEED=${SEED})`, () => {
  const unhandled: unknown[] = []
  const { onUnhandledError } = config
  let restore: () => void
  beforeAll(() => {
    restore = withoutStacks()

    config.onUnhandledError = (error) => unhandled.push(error)
  })
  afterAll(() => {
    restore()
    config.onUnhandledError = onUnhandledError
  })
  const turn = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve))

  /** What was thrown, whether it is open, and what it hears; after that all unsubscribe. */
  const healthOf = async ({ socket, say, heard, end }: ReturnType<typeof session>): Promise<unknown> => {
    await turn()
    const { status } = socket.state
    say('[null,null,"room:a","hello","world"]')
    end()
    return { thrown: unhandled.splice(0), status, heard, after: socket.state.status }
  }
  const WELL = { thrown: [], status: 'open', heard: ['world'], after: 'idle' }

  it.each(
    EVENTS.flatMap((event) => [
      [event, 'lists', deepList],
      [event, 'objects', deepObject],
    ]),
  )('survives a "%s" of %s nested 100,000 deep', async (event, _what, deep) => {
    const client = session()
    const joinRef = client.joinRef()
    const good = '{"ann":{"metas":[{"phx_ref":"1"}]}}'
    client.say(`["${joinRef}",null,"room:a","presence_state",${good}]`)
    client.say(`["${joinRef}",null,"room:a","state:change",{"state":{"a":${deep}},"version":1}]`)
    for (const payload of [
      deep,
      `{"ann":{"metas":[{"phx_ref":"1"}],"extra":${deep}}}`,
      `{"ann":{"metas":[{"phx_ref":"2"}],"extra":${deep}}}`,
      `{"joins":{"ann":{"metas":[{"phx_ref":"3"}],"extra":${deep}}},"leaves":{"bob":${deep}}}`,
      `{"joins":{"ann":{"metas":[{"phx_ref":"3"}],"extra":${deep}}},"leaves":{}}`,
      `{"patch":[{"op":"test","path":"/a","value":${deep}}],"version":2}`,
      `{"patch":[{"op":"add","path":"${'/a'.repeat(DEEP)}","value":1}],"version":2}`,
      `{"patch":${deep},"version":2}`,
      `{"operations":${deep},"version":2}`,
      `{"state":{"a":${deep}},"version":1}`,
      `{"status":${deep},"response":${deep}}`,
      `{"status":"error","response":${deep}}`,
    ])
      client.say(`["${client.joinRef()}",null,"room:a","${event}",${payload}]`)
    expect(await healthOf(client)).toEqual(WELL)
  })

  it('reads a presence late that came early and was no JSON', async () => {
    const client = session()
    client.end()
    const socket = client.socket
    const channel = socket.channel('room:a', { retain: [{ snapshot: 'late_state', delta: 'late_diff' }] })
    const held = channel.on('x').subscribe()
    const first = client.joinRef()
    client.say(`["${client.joinRef()}",null,"room:a","late_state",{oops]`)
    client.say(`["${client.joinRef()}",null,"room:a","late_diff",{oops]`)
    const seen: unknown[] = []
    const late = presence(channel, { events: { state: 'late_state', diff: 'late_diff' } }).subscribe(
      (state) => seen.push([...state.keys()]),
    )
    client.say(`["${client.joinRef()}",null,"room:a","late_state",{"ann":{"metas":[{"phx_ref":"1"}]}}]`)
    await turn()
    expect(unhandled.splice(0)).toEqual([])
    expect(client.joinRef()).not.toBe(first) // presence repairs
    expect(seen).toEqual([['ann']])
    late.unsubscribe()
    held.unsubscribe()
  })

  it('takes recorded frames that were damaged', async () => {
    const random = new Random(SEED)
    const client = session()
    const texts = recordings()
      .flatMap(framesOf)
      .flatMap(({ frame, vsn, from }) =>
        typeof frame === 'string' && vsn === '2.0.0' && from === 'server' && frame.length < 1_000
          ? [frame]
          : [],
      )
      // On our topic and join, as far as they get.
      .map((text) =>
        text
          .replace(/^\["[^"]*",(null|"[^"]*"),"[^"]*"/, (_, ref: string) => `["JOIN",${ref},"room:a"`)
          .replace(/^\[null,null,"[^"]*"/, '[null,null,"room:a"'),
      )
      // The end of a channel is the end of all that is subscribed.
      .filter((text) => !text.includes('phx_close'))
    for (let i = inputs(60_000); i > 0; i--) {
      const text = mutateText(random, random.of(texts), random.of(texts))
      if (!text.includes('phx_close')) client.say(text.replaceAll('JOIN', client.joinRef()))
      if (i % 5_000 === 0) await turn()
    }
    await turn()
    expect(client.traced()).toBeGreaterThan(inputs(60_000))
    client.heard.length = 0
    expect(await healthOf(client)).toEqual(WELL)
  }, 120_000)

  it('is not fooled by a broadcast or a reply that is one by name only', async () => {
    const client = session()
    const push = client.channel.push('quiet', {}, { timeoutMs: 100_000 })
    const outcome: unknown[] = []
    const pushing = push.subscribe({
      next: (value) => outcome.push(value),
      error: (error: unknown) => outcome.push(error),
    })
    for (const message of [
      broadcast('room:a', 'phx_reply', { status: 'ok' }),
      pushed('room:a', client.joinRef(), 'phx_reply', { status: 'ok' }),
      { ...okTo(pushed('room:b', client.joinRef(), 'x')), ref: '2' },
    ])
      client.say(
        JSON.stringify([message.joinRef, message.ref, message.topic, message.event, message.payload]),
      )
    expect(outcome).toEqual([])
    pushing.unsubscribe()
    expect(await healthOf(client)).toEqual(WELL)
  })
})
