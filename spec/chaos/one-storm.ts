import { setTimeout as sleep } from 'node:timers/promises'
import { noFaults } from '../support/fault-proxy/connection-plan.ts'
import { type FaultProxy } from '../support/fault-proxy/fault-proxy.ts'
import { randomPlans } from '../support/fault-proxy/random-plans.ts'
import { type Random } from '../support/random.ts'
import { type CalmContext } from './calm.ts'
import { type Chronicle } from './chronicle.ts'
import { type ChaosClient } from './client.ts'
import { storm } from './storm.ts'
import { type World } from './world.ts'

const STORM_MS = 5_000
/** Between driver events on each room, and between faults of the server. */
const TICK_MS = 15
const SERVER_FAULT_MS = 400

export interface Storm {
  readonly proxies: readonly FaultProxy[]
  readonly clients: readonly ChaosClient[]
  readonly source: Random
  readonly context: CalmContext
}

/** Everybody acts while the network and the server fail; afterwards no new fault happens. */
export const oneStorm = async ({ proxies, clients, source, context }: Storm): Promise<void> => {
  const { world, chronicle, observer, ledger, lagMs } = context
  proxies.forEach((proxy, i) => {
    proxy.use(randomPlans(source.fork(`plans ${i}`)))
  })
  // Those that were opened in the calm have no plan, so they end now.
  for (const proxy of proxies) for (const connection of proxy.connections()) connection.end('rst')
  for (const client of clients) client.stormy = true
  const storms = clients.map((client, i) => storm(client, source.fork(`deeds ${i}`), context))
  const ticks = setInterval(() => {
    observer.tick()
  }, TICK_MS)
  const server = source.fork('server')
  const faults = setInterval(() => {
    void serverFault(world, clients, server, chronicle)
  }, SERVER_FAULT_MS)
  const endsAt = performance.now() + STORM_MS
  while (performance.now() < endsAt && chronicle.isIntact()) {
    await sleep(100)
    ledger.checkDeadlines(lagMs())
    for (const client of clients) {
      const [stranded] = client.stranded()
      if (stranded !== undefined)
        chronicle.violated('a push that was sent fails with its join', `${client.name}: ${stranded}`)
    }
    if (observer.lost) throw new Error('the observer has lost its connection')
  }
  for (const each of storms) each.stop()
  for (const client of clients) client.stormy = false
  clearInterval(ticks)
  clearInterval(faults)
  for (const proxy of proxies) proxy.use(noFaults)
  // What was to be put right by a timer of the storm has been by then.
  await sleep(100)
  for (const client of clients) client.pause(false)
}

const serverFault = async (
  world: World,
  clients: readonly ChaosClient[],
  source: Random,
  chronicle: Chronicle,
): Promise<void> => {
  const user = clients[source.between(0, clients.length - 1)]?.user ?? ''
  const path = source.pick([
    `kill_socket?user=${user}`,
    `disconnect?user=${user}`,
    `freeze?user=${user}&ms=${source.between(50, 900)}`,
  ])
  chronicle.fault('server', path)
  await world.ctl(path).catch(() => undefined)
}
