import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchClient } from '../clients/bench-client.ts'
import { type Measured } from '../measured.ts'
import { joinAll } from './join-all.ts'
import { joined } from './joined.ts'

export const heap = async (client: BenchClient, n: number): Promise<Measured> => {
  await joined(client, 'warm:0', 'msg', () => undefined)
  const before = await heapUsed()
  await joinAll(client, n)
  const value = ((await heapUsed()) - before) / n / 1_000
  return { value, correct: true }
}

export const pending = async (client: BenchClient, n: number): Promise<Measured> => {
  await joined(client, 'bench:0', 'msg', () => undefined)
  const push = (): void => {
    client.push('bench:0', 'silent', {}, () => undefined)
  }
  push()
  const before = await heapUsed()
  for (let i = 0; i < n; i++) push()
  const value = ((await heapUsed()) - before) / n / 1_000
  return { value, correct: true }
}

/** How many connect at the same time: fewer than a listener lets wait. */
const BATCH = 100

/** So many sockets with one channel each, which must all have an answer from the server afterwards. */
export const sockets = async (n: number, open: () => Promise<BenchClient>): Promise<Measured> => {
  const openJoined = async (): Promise<BenchClient> => {
    const client = await open()
    await joined(client, 'bench:0', 'msg', () => undefined)
    return client
  }
  await openJoined()
  const before = await heapUsed()
  const all: BenchClient[] = []
  while (all.length < n)
    all.push(...(await Promise.all(Array.from({ length: Math.min(BATCH, n - all.length) }, openJoined))))
  const value = ((await heapUsed()) - before) / n / 1_000
  let answered = 0
  for (let i = 0; i < n; i += BATCH)
    await Promise.all(
      all.slice(i, i + BATCH).map(async (client) => {
        await echoed(client)
        answered += 1
      }),
    )
  return { value, correct: answered === n }
}

const echoed = (client: BenchClient): Promise<void> =>
  new Promise((resolve) => {
    client.push('bench:0', 'echo', {}, () => {
      resolve()
    })
  })

const heapUsed = async (): Promise<number> => {
  for (let i = 0; i < 4; i++) {
    await sleep(20)
    if (!globalThis.gc) throw new Error('run with --expose-gc')
    globalThis.gc()
  }
  return process.memoryUsage().heapUsed
}
