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

  it('builds its messages as it is told', async () => {
    const client = await joined({
      messageBuilder: {
        newState: (state, version) => ({ whole: state.count, v: version }),
        updateState: (operations, version) => ({ changes: operations.length, v: version }),
      },
    })
    expect(await client.next()).toEqual(pushOf('seance:change', { whole: 0, v: 0 }))
    inc(client)
    expect(await client.next()).toEqual(pushOf('seance:patch', { changes: 1, v: 1 }))
  })

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
    ['has no state, since its init failed', { init: () => error('no') }],
    ['has a handler that returns no next state', { handleEvent: (_name, _payload, state) => state as never }],
    ['has no handler', { handleEvent: undefined as never }],
  ])('crashes at an event if it %s', async (_name, definition) => {
    const client = await joined(definition)
    await client.next()
    inc(client)
    expect(await client.next()).toEqual(['1', '1', 'counter:a', 'phx_error', { reason: 'channel_crash' }])
  })

  it('refuses a maxVersion that is none', () => {
    expect(() => liveStateChannel<State>({ ...base, maxVersion: 0 })).toThrow('maxVersion')
  })
})
