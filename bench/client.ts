import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { measureAlone } from './alone/measure-alone.ts'
import { type BenchClient, type MakeBenchClient } from './clients/bench-client.ts'
import { type ClientName, clients } from './clients/names.ts'
import { measure } from './measure.ts'
import { type Measured } from './measured.ts'
import { lastProfile } from './profile.ts'
import { type Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'

/** One client in one scenario, in a process of its own: prints what it measured as JSON. */
const load: Readonly<Record<ClientName, () => Promise<MakeBenchClient>>> = {
  raw: async () => (await import('./clients/raw.ts')).rawClient,
  phoenix: async () => (await import('./clients/phoenix-js.ts')).phoenixJsClient,
  supabase: async () => (await import('./clients/supabase.ts')).supabaseClient,
  rxws: async () => (await import('./clients/rx-web-socket.ts')).rxWebSocketClient,
  sketch: async () => (await import('./clients/sketch.ts')).sketchClient,
  rx: async () => (await import('./clients/rx-phoenix.ts')).rxPhoenixClient,
}

const [name = '', scenarioName, url = '', quick] = process.argv.slice(2)
const found = scenarios.find((one) => one.name === scenarioName)
const scenario = found && quick ? { ...found, n: Math.ceil(found.n / (found.quickly ?? 10)) } : found
const client = clients.find((one) => one === name)
if (!scenario || !client) throw new Error(`there is no client ${name} or no scenario ${String(scenarioName)}`)

/** Loaded for its own rows alone, so that it weighs on no other one. */
const durably = async (asked: Scenario): Promise<Measured | undefined> =>
  /^(feed|outbox)/.test(asked.type)
    ? (await import('./durable/measure-durable.ts')).measureDurable(asked, url)
    : undefined

/** That of this package, in a process that ends with this one. */
const embeddedServer = async (): Promise<string> => {
  const [at] = (await once(
    fork(fileURLToPath(new URL('embedded-server.js', import.meta.url))),
    'message',
  )) as [string]
  return at
}

const measured = async (): Promise<Measured> => {
  const alone = (await measureAlone(client, scenario, url)) ?? (await durably(scenario))
  if (alone) return alone
  const server = scenario.type === 'sockets' && scenario.embedded ? await embeddedServer() : url
  const make = await load[client]()
  const open = async (): Promise<BenchClient> => {
    const opened = make({
      url: server,
      watchRejoins: scenario.type === 'rejoin' || scenario.type === 'first rejoins',
      besides: scenario.besides,
    })
    await opened.open()
    return opened
  }
  const first = await open()
  const result = await measure(first, scenario, open, client === 'supabase')
  first.close()
  return result
}
const result = await measured()
// Phoenix's client keeps a timer for each push that has no reply, and would wait for them.
process.stdout.write(JSON.stringify({ ...result, profile: lastProfile() }), () => process.exit())
