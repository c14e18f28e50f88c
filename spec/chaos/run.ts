import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FaultProxy, faultProxy } from '../support/fault-proxy/fault-proxy.ts'
import { random } from '../support/random.ts'
import { calm, type CalmContext } from './calm.ts'
import { type Chronicle, type Violation } from './chronicle.ts'
import { ChaosClient } from './client.ts'
import { Ledger } from './ledger.ts'
import { observer as newObserver } from './observer.ts'
import { oneStorm } from './one-storm.ts'
import { resources, settled } from './resources.ts'
import { world as newWorld } from './world.ts'

export interface ChaosOptions {
  readonly seed: number
  readonly minutes: number
  readonly clients: number
  /** Told of everything as it happens. */
  readonly chronicle: Chronicle
}

export interface ChaosReport {
  readonly seconds: number
  readonly episodes: number
  readonly faults: number
  readonly connections: number
  readonly pushes: number
  readonly events: number
  /** How pushes ended, by name. */
  readonly outcomes: Readonly<Record<string, number>>
  /** The longest time from the last fault of an episode until everything was joined. */
  readonly slowestRecoveryMs: number
  readonly violation: Violation | undefined
}

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

/** Storms and calms in turn, until the time is over or an invariant has been violated. */
export const chaos = async ({
  seed,
  minutes,
  clients: count,
  chronicle,
}: ChaosOptions): Promise<ChaosReport> => {
  const unhandled = (error: unknown): void => {
    chronicle.violated(
      'no error is unhandled',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    )
  }
  process.on('uncaughtException', unhandled).on('unhandledRejection', unhandled)
  const lag = monitorEventLoopDelay({ resolution: 10 })
  lag.enable()
  const lagMs = (): number => lag.max / 1e6

  const source = random(seed)
  const world = await newWorld()
  const ledger = new Ledger(chronicle)
  const observer = await newObserver(world.url, world.rooms, [world.presence], (payload) => {
    const id = (payload as { id?: unknown } | null)?.id
    if (typeof id === 'string') ledger.seen(id)
  })
  const proxies: FaultProxy[] = []
  for (let i = 0; i < count; i++)
    proxies.push(
      await faultProxy({
        port: world.port,
        onFault: (connection, what) => {
          chronicle.fault(`connection ${connection} of client ${i}`, what)
        },
      }),
    )
  const before = resources()
  const clients = proxies.map(
    ({ port }, i) =>
      new ChaosClient(i, `ws://127.0.0.1:${port}`, world, source.fork(`policy ${i}`), chronicle),
  )
  let n = 0
  const context: CalmContext = { world, ledger, chronicle, observer, lagMs, next: () => ++n }

  const startedAt = performance.now()
  const endsAt = startedAt + minutes * 60_000
  let episodes = 0
  let slowestRecoveryMs = 0
  for (const client of clients) client.hold()
  while (performance.now() < endsAt && chronicle.isIntact()) {
    episodes += 1
    const firstLeft = n + 1
    chronicle.note('run', `episode ${episodes}`)
    await oneStorm({ proxies, clients, source: source.fork(`storm ${episodes}`), context })
    const left = Array.from({ length: n + 1 - firstLeft }, (_, i) => firstLeft + i)
    // A sample: to ask for each of a thousand takes longer than the storm.
    slowestRecoveryMs = Math.max(slowestRecoveryMs, await calm(clients, left.slice(-40), context))
    if (chronicle.isIntact()) await checkMemory(ledger, chronicle)
    lag.reset()
  }

  chronicle.note('run', 'everybody unsubscribes')
  for (const client of clients) client.release()
  if (chronicle.isIntact())
    await settled('everything is undone after the last unsubscribe', chronicle, () => [
      ...clients.flatMap((client) => client.remains().map((what) => `${client.name}: ${what}`)),
      ...proxies.flatMap((proxy, i) =>
        proxy.connections().map(({ number }) => `connection ${number} of client ${i}`),
      ),
      ...resources().since(before),
    ])
  observer.close()
  for (const proxy of proxies) await proxy.close()
  await world.close()
  lag.disable()
  process.off('uncaughtException', unhandled).off('unhandledRejection', unhandled)
  return {
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    episodes,
    faults: chronicle.faults,
    connections: proxies.reduce((sum, { accepted }) => sum + accepted, 0),
    pushes: ledger.tracked,
    events: clients.flatMap(({ rooms }) => rooms).reduce((sum, { order }) => sum + order.events, 0),
    outcomes: Object.fromEntries(ledger.outcomes),
    slowestRecoveryMs: Math.round(slowestRecoveryMs),
    violation: chronicle.violation,
  }
}

/** Of pushes that have settled nothing is kept, while the sockets live on. */
const checkMemory = async (ledger: Ledger, chronicle: Chronicle): Promise<void> => {
  for (let tries = 0; tries < 20; tries++) {
    await sleep(5)
    collectGarbage()
    if (ledger.heldPayloads() <= FEW) return
  }
  chronicle.violated('nothing is kept of a push that has settled', `${ledger.heldPayloads()} payloads are`)
}

/** The collector may find the last ones on the stack. */
const FEW = 5
