import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { filter, firstValueFrom, timeout } from 'rxjs'
import { type ChaosClient, REQUEST_TIMEOUT_MS, RETRY_MS, TIMES } from './client.ts'
import { fairScheduler } from './fair-scheduler.ts'
import { fairTime } from './fair-time.ts'
import { type Observer } from './observer.ts'
import { leftTopic, type StormContext } from './storm.ts'

/**
 * How long the policies need at most to have everything joined again after the last fault: a heartbeat is due, its
 * deadline passes, a probe is made in its place if it was late (long polling: a poll is not answered), the next attempt
 * stalls, and so does its join.
 */
export const BOUND_MS: number =
  Math.max(3 * TIMES.heartbeatIntervalMs, REQUEST_TIMEOUT_MS) +
  2 * (TIMES.connectTimeoutMs + TIMES.joinTimeoutMs + RETRY_MS)

/** What the checks themselves may take. */
const SLACK_MS = 2_000

/** Waits for something to come true, and fails with an invariant if it does not in time. */
type Await = (
  invariant: string,
  isSo: () => boolean | Promise<boolean>,
  detail: () => string,
  withinMs?: number,
) => Promise<void>

export interface CalmContext extends StormContext {
  readonly observer: Observer
  /** How much the event loop has been held up: this machine's fault, and no client's. */
  readonly lagMs: () => number
}

/** What must be so once the faults have stopped. Gives the time until everything was joined again. */
export const calm = async (
  clients: readonly ChaosClient[],
  left: readonly number[],
  context: CalmContext,
): Promise<number> => {
  const { ledger, chronicle, observer, world } = context
  const startedAt = performance.now()
  const come: Await = async (invariant, isSo, detail, withinMs = BOUND_MS) => {
    const waitedMs = fairTime()
    chronicle.note('run', `waits until ${invariant}`)
    while (chronicle.isIntact() && !(await isSo())) {
      if (waitedMs() > withinMs + SLACK_MS) chronicle.violated(invariant, detail())
      await sleep(5)
    }
  }

  await come(
    'everything is joined again after the faults',
    () => clients.every(({ isWell }) => isWell),
    () => describe(clients),
  )
  const recoveredMs = performance.now() - startedAt
  await come(
    'every push settles',
    () => ledger.pending === 0,
    () => `${ledger.pending} pushes are under way`,
    TIMES.pushTimeoutMs,
  )

  await come(
    'presence is as the server has it',
    async () => {
      const list = await observer.ask(world.presence, 'list')
      return clients.every(({ presences }) => isDeepStrictEqual(plain(presences), plain(list)))
    },
    () => JSON.stringify(clients.map(({ name, presences }) => [name, plain(presences)])),
  )
  for (const client of clients) await liveStateIsTrue(client, context)

  // The server has handled what it had before this reply, and told of it.
  for (const room of world.rooms) await observer.ask(room, 'echo')
  ledger.checkSeen()
  await come(
    'a topic that is left has no join on the server',
    async () => {
      for (const n of left)
        if ((await world.ctl(`subscribers?topic=${leftTopic(world, n)}`))['count'] !== 0) return false
      return true
    },
    () => `one of ${left.length} topics`,
  )
  await come(
    'a room has one join of each client',
    async () => {
      for (const room of world.rooms)
        if ((await world.ctl(`subscribers?topic=${room}`))['count'] !== clients.length + 1) return false
      return true
    },
    () => `not ${clients.length} clients and the observer`,
  )
  await come(
    'a socket holds nothing of what is over',
    () => clients.every((client) => client.surplus().length === 0),
    () => JSON.stringify(clients.map((client) => [client.name, client.surplus()])),
  )
  await come(
    'no timer is left of what is over',
    // A heartbeat or its deadline for each of two sockets, and each of the connections that a socket is spread over.
    () => clients.every(({ timers }) => timers.pending() <= 8),
    () => JSON.stringify(clients.map(({ name, timers }) => [name, timers.pending()])),
  )
  for (const { rooms } of clients) for (const { order } of rooms) order.forget()
  return recoveredMs
}

/** The state that was patched together equals the one that the server sends when it is asked for the whole. */
const liveStateIsTrue = async (client: ChaosClient, { chronicle, next }: CalmContext): Promise<void> => {
  for (let tries = 0; tries < TRIES && chronicle.isIntact(); tries++) {
    const compared = await compareLiveState(client, next())
    if (compared === 'equal') return
    if (compared !== 'disturbed') {
      chronicle.violated('a live state is as the server has it', `${client.name}: ${compared}`)
      return
    }
  }
  chronicle.violated('a live state follows the server', `${client.name}: ${JSON.stringify(client.state)}`)
}

/** How long an answer may take before it is taken for lost: the connection may be silent, and not known to be. */
const ANSWER_MS = 400
/** As many as have room in the bound, and some for a busy machine. */
const TRIES = 40

const compareLiveState = async (client: ChaosClient, marker: number): Promise<string> => {
  const joinRef = joinRefOf(client)
  const marked = firstValueFrom(
    client.live.pipe(
      filter((state) => state['marker'] === marker),
      timeout({ each: ANSWER_MS, scheduler: fairScheduler }),
    ),
  ).catch(() => undefined)
  client.live.dispatch('put', { key: 'marker', value: marker }).subscribe({ error: () => undefined })
  const ours = structuredClone(await marked)
  if (!ours) return 'disturbed'
  const whole = firstValueFrom(
    client.liveChannel.on('state:change').pipe(timeout({ each: ANSWER_MS, scheduler: fairScheduler })),
  ).catch(() => undefined)
  client.live.refresh().subscribe({ error: () => undefined })
  const payload = await whole
  // After a rejoin the server begins with another state.
  if (!payload || joinRefOf(client) !== joinRef) return 'disturbed'
  const theirs = (payload as { state: unknown }).state
  return isDeepStrictEqual(ours, theirs) ? 'equal' : JSON.stringify({ ours, theirs })
}

const joinRefOf = ({ liveChannel: { state } }: ChaosClient): string | undefined =>
  state.status === 'joined' ? state.joinRef : undefined

const describe = (clients: readonly ChaosClient[]): string =>
  JSON.stringify(
    clients.map(({ name, socket, rooms, liveChannel }) => [
      name,
      socket.state.status,
      ...rooms.map(({ channel }) => channel.state.status),
      liveChannel.state.status,
    ]),
  )

/** A Map or an object of presences as plain data, without its order. */
const plain = (presences: unknown): unknown =>
  presences instanceof Map ? Object.fromEntries(presences) : { ...(presences as object | undefined) }
