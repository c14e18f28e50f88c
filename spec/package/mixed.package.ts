import { type Consumer, startConsumer } from './support/consumer.ts'

/** Every copy of an entry that one program may load: from each build, in each form of modules. */
const copies = ['development ESM', 'production ESM', 'development CommonJS', 'production CommonJS'] as const

/**
 * A program that loads all four copies of each entry, as micro frontends and tests do that are bundled one by one. `core`,
 * `live` and `durable` have them by their names. A satellite takes what it needs of the core from the one that Node gives it,
 * so that the copy in production works on sockets that are none of its core.
 */
const setUp = `
import { createRequire } from 'node:module'
import { firstValueFrom, filter, map, of, take, toArray, lastValueFrom, timeout } from 'rxjs'
import { channel, error, liveStateChannel, next, ok, phoenixServer, presence } from 'rx-phoenix/server'

const require = createRequire(import.meta.url)
const dist = new URL('node_modules/rx-phoenix/dist/', import.meta.url)
const copiesOf = async (esm, production) => ({
  'development ESM': await import(new URL(esm + '.js', dist)),
  'production ESM': await import(new URL(esm + '.production.js', dist)),
  'development CommonJS': require(new URL(esm + '.cjs', dist).pathname),
  'production CommonJS': require(new URL(esm + '.production.cjs', dist).pathname),
})
const core = await copiesOf('index.node')
const live = await copiesOf('live-state')
const durable = await copiesOf('durable.node')

const presences = presence()
const server = await phoenixServer({
  sockets: {
    '/socket': {
      channels: {
        'room:*': {
          join: (params) => (params.full ? error({ reason: 'full' }) : ok({})),
          handleIn: {
            echo: (payload) => ok(payload),
            refuse: () => error({ reason: 'no' }),
            say: (payload, channel) => (channel.push('said', payload), ok({})),
            crash: () => { throw new Error('as it was asked to') },
            silent: () => undefined,
          },
        },
        'users:*': {
          join: (_params, channel) => (channel.send('joined'), ok({})),
          handleInfo: (_message, channel) => (presences.track(channel, 'ann', {}), presences.pushState(channel)),
        },
        'orders:*': {
          join: (_params, channel) => (channel.send('joined'), ok({})),
          handleInfo: (_message, channel) => [1, 2].forEach((id) => channel.push('order', { id })),
        },
        'todos:*': liveStateChannel({
          dialect: 'live-state',
          init: () => ok({ count: 0 }),
          handleEvent: (_name, _payload, { count }) => next({ count: count + 1 }),
        }),
      },
    },
  },
  trace: () => undefined,
})
const url = server.url + '/socket'
const soon = (value$) => firstValueFrom(value$.pipe(timeout(20_000)))
const tagOf = (promise) => promise.then(() => 'none', ({ _tag }) => _tag)

/** Runs a check for each pair of copies, and prints the pairs for which it did not give what it should. */
const forEachPair = async (check) => {
  const wrong = []
  for (const one of Object.keys(core))
    for (const other of Object.keys(core)) {
      const found = await check(one, other).catch((cause) => String(cause?.stack ?? cause))
      if (found !== true) wrong.push([one, other, found])
    }
  await server.close()
  console.log(JSON.stringify(wrong))
}
`

/** Each gives true, or what it found instead. `one` has made the socket, `other` what is used with it. */
const checks: Readonly<Record<string, string>> = {
  'presence, metrics, inspect and what awaits, on a channel of the other': `
    const socket = core[one].phoenixSocket(url)
    const users = socket.channel('users:' + one)
    const { presence, metrics, inspect, whenJoined, nextMessage } = core[other]
    const list = presence(users)
    const counts = metrics(socket)
    const held = users.subscribe()
    await whenJoined(users)
    const names = await soon(list.pipe(map((each) => [...each.keys()].join()), filter((each) => each !== '')))
    const room = socket.channel('room:' + one)
    const said = nextMessage(room, 'said')
    await soon(room.push('say', { a: 1 }))
    const topics = inspect(socket).channels.map(({ topic }) => topic)
    const frames = (await soon(counts)) !== undefined
    held.unsubscribe()
    return names === 'ann' && (await said).a === 1 && topics.includes('users:' + one) && frames || { names, topics, frames }`,

  'live state and its optimistic changes, on a channel of the other': `
    const todos = core[one].phoenixSocket(url).channel('todos:' + one)
    const state = live[other].liveState(todos, { dialect: 'live-state' })
    const counts = firstValueFrom(state.pipe(map(({ count }) => count), take(3), toArray(), timeout(20_000)))
    await soon(state)
    const soMany = live[one].optimistic(state, ({ count }) => ({ count: count + 10 }))
    state.dispatch('inc', {}).pipe(soMany).subscribe()
    const found = await counts
    return found.join() === '0,10,1' || found`,

  'a feed and an outbox, on a socket of the other': `
    const socket = core[one].phoenixSocket(url)
    const { feed, outbox, processWith } = durable[other]
    const ids = []
    await lastValueFrom(feed(socket, { topic: 'orders:' + one + other, event: 'order', cursor: ({ id }) => id, params: () => ({}) })
      .pipe(processWith(({ id }) => void ids.push(id)), take(2), timeout(20_000)))
    const entries = new Map()
    const store = {
      open: async () => undefined, close: async () => undefined,
      async *iterator() { yield* entries },
      batch: async (all) => all.forEach(({ type, key, value }) => type === 'put' ? entries.set(key, value) : entries.delete(key)),
    }
    const box = outbox(socket.channel('room:' + one), { store, withKey: (payload) => payload })
    const last = await lastValueFrom(box.push('refuse', {}).pipe(timeout(20_000)))
    return ids.join() === '1,2' && last.status === 'refused' || { ids, last }`,

  'policies, tracers, transports, serializers and pushes as an Either of the other': `
    const { phoenixSocket } = core[one]
    const { toEither, stopOn, stopAfter, steppedBackoff, traceTo, webSocketTransport, longPollTransport, withFallback, serializerV2,
      isLeft } = core[other]
    const traced = new Set()
    const socket = phoenixSocket(url, {
      rejoin: stopOn(({ _tag }) => _tag === 'JoinRefused')(stopAfter(3)(steppedBackoff([10], 10))),
      trace: traceTo(({ type }) => traced.add(type)),
      transport: withFallback(webSocketTransport(), longPollTransport()),
      serializer: serializerV2,
    })
    const room = socket.channel('room:' + one)
    const refused = await soon(room.push('refuse').pipe(toEither))
    const crashed = await tagOf(soon(room.push('crash')))
    const late = await tagOf(soon(room.push('silent', {}, { timeoutMs: 5 })))
    const full = await tagOf(soon(socket.channel('room:full', { params: { full: true } })
      .pipe(filter(({ status }) => status === 'joined'))))
    const found = { refused: isLeft(refused) && refused.left._tag, crashed, late, full, traced: traced.has('frame-out') }
    const expected = { refused: 'PushRefused', crashed: 'ChannelCrashed', late: 'PushTimeout', full: 'JoinRefused', traced: true }
    return JSON.stringify(found) === JSON.stringify(expected) || found`,

  'errors have one tag and one set of fields, and are told apart by it': `
    const failing = (from) => soon(core[from].phoenixSocket(url).channel('room:' + from).push('refuse')).catch((error) => error)
    const [a, b] = [await failing(one), await failing(other)]
    const fields = (error) => JSON.stringify([error.name, error._tag, Object.keys(error).sort(), error.response])
    const misuse = (from) => { try { core[from].phoenixSocket('http://') } catch (error) { return error._tag } }
    return fields(a) === fields(b) && a instanceof Error && misuse(one) === 'InvalidArgument' && misuse(other) === 'InvalidArgument' ||
      [fields(a), fields(b), misuse(one), misuse(other)]`,

  'one topic has one join, whose options are compared whichever copy has made them': `
    const socket = core[one].phoenixSocket(url)
    const policy = (from) => core[from].stopAfter(3)(core[from].steppedBackoff([10], 10))
    const held = socket.channel('room:shared', { rejoin: policy(one) }).subscribe()
    const joins = await tagOf(soon(socket.channel('room:shared', { rejoin: policy(one) }).push('echo', {})))
    const others = await tagOf(soon(socket.channel('room:shared', { params: { v: 2 } }).push('echo', {})))
    held.unsubscribe()
    return joins === 'none' && others === 'AlreadyJoined' || [joins, others]`,

  'a fake server, for sockets of each copy': `
    const { fakePhoenix } = one.endsWith('ESM') ? await import('rx-phoenix/testing') : require('rx-phoenix/testing')
    const { transport } = fakePhoenix({ answer: ({ topic, joinRef, ref, event }) =>
      of({ topic, joinRef, ref, event: 'phx_reply', payload: event === 'p' ? { status: 'error', response: {} } : { status: 'ok', response: {} } }) })
    const found = await tagOf(soon(core[other].phoenixSocket('ws://localhost/socket', { transport }).channel('a').push('p')))
    return found === 'PushRefused' || found`,

  'a frame that is no JSON costs that frame, with the serializer of the other': `
    const { fakePhoenix } = await import('rx-phoenix/testing')
    const { concat, delay, of: one$ } = await import('rxjs')
    const said = { topic: 'a', joinRef: null, ref: null, event: 'news', payload: 'heard' }
    const { transport, targets$ } = fakePhoenix({
      link: () => concat(one$('open'), one$({ raw: '[null,null,"a","news",{oops]' }, said).pipe(delay(20))) })
    let dials = 0
    targets$.subscribe(() => (dials += 1))
    const socket = core[one].phoenixSocket('ws://localhost/socket', { transport, serializer: core[other].serializerV2, vsn: '2.0.0' })
    const heard = await soon(socket.channel('a').on('news'))
    return heard === 'heard' && dials === 1 || { heard, dials }`,
}

describe('the packed package, of which one program loads several copies', () => {
  let consumer: Consumer

  beforeAll(async () => {
    consumer = await startConsumer()
  })
  afterAll(() => consumer.remove())

  it.each(Object.entries(checks))(`%s: every pair of ${copies.length} copies`, async (_what, check) => {
    await consumer.write(
      'mixed.mjs',
      `${setUp}\nawait forEachPair(async (one, other) => {${check}\n})\nprocess.exit()`,
    )
    expect(JSON.parse(await consumer.node('mixed.mjs'))).toEqual([])
  })
})
