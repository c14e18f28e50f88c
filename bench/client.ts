import { type BenchClient, type MakeBenchClient } from './clients/bench-client.ts'
import { measure } from './measure.ts'
import { scenarios } from './scenarios.ts'

/** One client in one scenario, in a process of its own: prints what it measured as JSON. */
const load: Readonly<Record<string, () => Promise<MakeBenchClient>>> = {
  raw: async () => (await import('./clients/raw.ts')).rawClient,
  phoenix: async () => (await import('./clients/phoenix-js.ts')).phoenixJsClient,
  supabase: async () => (await import('./clients/supabase.ts')).supabaseClient,
  rxws: async () => (await import('./clients/rx-web-socket.ts')).rxWebSocketClient,
  rx: async () => (await import('./clients/rx-phoenix.ts')).rxPhoenixClient,
}

const [name = '', scenarioName, url = '', quick] = process.argv.slice(2)
const found = scenarios.find((one) => one.name === scenarioName)
const scenario = found && quick ? { ...found, n: Math.ceil(found.n / (found.quickly ?? 10)) } : found
const make = await load[name]?.()
if (!scenario || !make) throw new Error(`there is no client ${name} or no scenario ${String(scenarioName)}`)

const open = async (): Promise<BenchClient> => {
  const client = make({ url, watchRejoins: scenario.type === 'rejoin', besides: scenario.besides })
  await client.open()
  return client
}
const client = await open()
const result = JSON.stringify(await measure(client, scenario, open, name === 'supabase'))
client.close()
// Phoenix's client keeps a timer for each push that has no reply, and would wait for them.
process.stdout.write(result, () => process.exit())
