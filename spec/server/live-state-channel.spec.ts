import {
  error,
  liveStateChannel,
  type LiveStateDefinition,
  next,
  ok,
  type ServerChannel,
} from '../../lib/server/index.ts'
import { type RawClient, rawClient } from './raw-client.ts'
import { type ServerBench, serverBench } from './server-bench.ts'

const start = serverBench()
interface State {
  count: number
  secret?: string
}

const base: LiveStateDefinition<State> = {
  dialect: 'seance',
  init: () => ok({ count: 0, secret: 'x' }),
  handleEvent: (name, _payload, state) =>
    name === 'inc' ? next({ ...state, count: state.count + 1 }) : (state as never),
}
const joined = async (definition: Partial<LiveStateDefinition<State>>): Promise<RawClient & ServerBench> => {
  const bench = await start({
    channels: { 'counter:*': liveStateChannel<State>({ ...base, ...definition }) },
  })
  const client = await rawClient(bench.url)
  client.send(['1', '1', 'counter:a', 'phx_join', {}])
  await client.next()
  return { ...client, ...bench }
}
const pushOf = (event: string, payload: unknown): unknown => ['1', null, 'counter:a', event, payload]
const crashed = ['1', '1', 'counter:a', 'phx_error', { reason: 'channel_crash' }]
const inc = (client: RawClient): void => {
  client.send(['1', '2', 'counter:a', 'seance:event:inc', {}])
}

describe('a live state channel', () => {
  it('keeps state and version under the keys it is given, and hides what the encoder drops', async () => {
    let channel: ServerChannel | undefined
    const client = await joined({
      stateKey: 'game',
      stateVersionKey: 'turn',
      encode: ({ count }) => ({ count }),
      authorize: (_params, joining) => {
        channel = joining
      },
    })
    expect(await client.next()).toEqual(pushOf('seance:change', { state: { count: 0 }, version: 0 }))
    inc(client)
    expect(await client.next()).toEqual(
      pushOf('seance:patch', { operations: [{ op: 'replace', path: '/count', value: 1 }], version: 1 }),
    )
    expect(channel?.assigns).toEqual({ game: { count: 1, secret: 'x' }, turn: 1 })
  })

  it('sees a change also if the handler makes it in place', async () => {
    const client = await joined({
      handleEvent: (_name, _payload, state) => {
        state.count += 5
        return next(state)
      },
    })
    await client.next()
    inc(client)
    expect(await client.next()).toEqual(
      pushOf('seance:patch', { operations: [{ op: 'replace', path: '/count', value: 5 }], version: 1 }),
    )
  })

  it('builds its messages with a message builder and its events', async () => {
    const client = await joined({
      messageBuilder: {
        options: { unit: 'points' },
        newState: ({ count }, version, options) => ({
          event: 'began',
          payload: { count, version, ...(options as object) },
        }),
        updateState: (from, to, version, options) => ({
          event: 'went',
          payload: { from: from.count, to: to.count, version, ...(options as object) },
        }),
      },
    })
    expect(await client.next()).toEqual(pushOf('began', { count: 0, version: 0, unit: 'points' }))
    inc(client)
    inc(client)
    expect(await client.take(2)).toEqual([
      pushOf('went', { from: 0, to: 1, version: 1, unit: 'points' }),
      pushOf('went', { from: 1, to: 2, version: 2, unit: 'points' }),
    ])
  })

  it('may send the whole state each time, by a builder that does no more', async () => {
    const client = await joined({
      messageBuilder: {
        updateState: (_from, { count }, version) => ({
          event: 'seance:change',
          payload: { state: { count }, version },
        }),
      },
    })
    await client.next()
    inc(client)
    expect(await client.next()).toEqual(pushOf('seance:change', { state: { count: 1 }, version: 1 }))
  })

  it.each(['seance', 'live-state'] as const)(
    'of the dialect %s answers what nothing handles by an empty patch and the next version',
    async (dialect) => {
      const client = await joined({ dialect, handleEvent: undefined as never })
      await client.next()
      const [event, key, prefix] =
        dialect === 'seance'
          ? ['seance:patch', 'operations', 'seance:event:']
          : ['state:patch', 'patch', 'lvs_evt:']
      client.send(['1', '2', 'counter:a', `${prefix}inc`, {}])
      expect(await client.next()).toEqual(pushOf(event, { [key]: [], version: 1 }))
      client.server.publish('counter:a', 'something')
      expect(await client.next()).toEqual(pushOf(event, { [key]: [], version: 2 }))
    },
  )

  it('handles messages of the server, with events before the patch', async () => {
    const client = await joined({
      handleMessage: (message, state) =>
        next({ ...state, count: Number(message) }, { name: 'told', detail: message }),
    })
    await client.next()
    client.server.publish('counter:a', 9)
    expect(await client.take(2)).toEqual([
      pushOf('seance:event', { name: 'told', detail: 9 }),
      pushOf('seance:patch', { operations: [{ op: 'replace', path: '/count', value: 9 }], version: 1 }),
    ])
  })

  it.each<readonly [string, Partial<LiveStateDefinition<State>>]>([
    ['has a handler that returns no next state', { handleEvent: (_name, _payload, state) => state as never }],
    [
      'has no state to compare with, since its init failed',
      { dialect: 'live-state', init: () => error('no'), handleEvent: () => next({ count: 1 }) },
    ],
  ])('crashes at an event if it %s', async (_name, definition) => {
    const client = await joined(definition)
    await client.next()
    const prefix = definition.dialect === 'live-state' ? 'lvs_evt:' : 'seance:event:'
    client.send(['1', '2', 'counter:a', `${prefix}inc`, {}])
    expect(await client.next()).toEqual(crashed)
  })

  it('runs its handlers with a state of null after an init that failed, and sends the first state by a patch', async () => {
    const states: unknown[] = []
    const client = await joined({
      init: () => error('no'),
      handleEvent: (_name, _payload, state: State | null) => {
        states.push(state)
        return next({ count: (state?.count ?? 10) + 1 })
      },
    })
    expect(await client.next()).toEqual(pushOf('seance:error', { message: 'no' }))
    inc(client)
    inc(client)
    expect(await client.take(2)).toEqual([
      pushOf('seance:patch', { operations: [{ op: 'replace', path: '', value: { count: 11 } }], version: 0 }),
      pushOf('seance:patch', { operations: [{ op: 'replace', path: '/count', value: 12 }], version: 1 }),
    ])
    expect(states).toEqual([null, { count: 11 }])
  })

  it.each<readonly [string, Partial<LiveStateDefinition<State>>]>([
    ['init fails with a list', { init: () => error(['no']) }],
    ['init gives nonsense', { init: () => 'ok' as never }],
    ['a LiveState begins with a list', { dialect: 'live-state', init: () => ok([] as never) }],
    [
      'the whole state of its builder is a list',
      { messageBuilder: { newState: () => ({ event: 'e', payload: [] }) } },
    ],
  ])('crashes after its join if %s', async (_name, definition) => {
    const client = await joined(definition)
    expect(await client.next()).toEqual(crashed)
  })

  it('answers a refresh under its own keys, also without a state', async () => {
    const definition = { dialect: 'live-state', stateKey: 'game', stateVersionKey: 'turn' } as const
    const refresh = ['1', '2', 'counter:a', 'lvs_refresh', {}]
    const client = await joined({ ...definition, init: () => ok({ count: 4 }) })
    await client.next()
    client.send(refresh)
    expect(await client.next()).toEqual(pushOf('state:change', { game: { count: 4 }, turn: 0 }))
    const failed = await joined({ ...definition, init: () => error('no') })
    await failed.next()
    failed.send(refresh)
    expect(await failed.next()).toEqual(pushOf('state:change', { game: null, turn: null }))
  })

  it('rejects an invalid maxVersion', () => {
    expect(() => liveStateChannel<State>({ ...base, maxVersion: 0 })).toThrow('maxVersion')
  })
})
