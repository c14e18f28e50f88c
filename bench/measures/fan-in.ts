import { type BenchClient } from '../clients/bench-client.ts'
import { type Scenario } from '../scenario.ts'
import { type Measured } from '../measured.ts'
import { type Flood } from '../server-frames.ts'
import { cpuUs } from './cpu-us.ts'
import { joinAll } from './join-all.ts'
import { joined } from './joined.ts'
import { numberOfObject } from './number-of-object.ts'
import { WARM_UP } from './warm-up.ts'

export const fanIn = async (
  client: BenchClient,
  { n, topics, size, binary, read, subscribers, cold }: Extract<Scenario, { type: 'fan-in' }>,
  supabase: boolean,
): Promise<Measured> => {
  const numberOf = binary ? numberOfBytes : numberOfObject
  let expected = 0
  let inOrder = true
  let over = (): void => undefined
  await joinAll(client, topics, (i) => (payload) => {
    inOrder &&= numberOf(payload) === expected && expected % topics === i
    expected += 1
  })
  let heardBesides = 0
  const besides = (): void => void (heardBesides += 1)
  for (let i = 1; i < subscribers; i++) await joined(client, 'bench:0', 'msg', besides)
  await joined(client, 'bench:last', 'last', () => {
    over()
  })

  const run = async (count: number): Promise<void> => {
    expected = 0
    heardBesides = 0
    const done: Promise<void> = new Promise((resolve) => {
      over = resolve
    })
    const order: Flood = { n: count, topics, size, binary, event: read ? 'msg' : 'other', supabase }
    client.send('bench:last', 'flood', order)
    await done
    inOrder &&= expected === (read ? count : 0) && heardBesides === expected * (subscribers - 1)
  }
  if (!cold) await run(Math.ceil(n * WARM_UP))
  return { value: (await cpuUs(() => run(n))) / n, correct: inOrder }
}

const numberOfBytes = (payload: unknown): number =>
  payload instanceof ArrayBuffer ? new DataView(payload).getUint32(0) : (payload as Buffer).readUInt32BE(0)
