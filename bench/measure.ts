import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchClient } from './clients/bench-client.ts'
import { profiled, type Profiled } from './profile.ts'
import { type Scenario } from './scenarios.ts'
import { type Flood, topicName } from './server-frames.ts'

export interface Measured {
  /** In the unit of the scenario. */
  readonly value: number
  /** Whether everything came, in order. */
  readonly correct: boolean
  /** Where the time went, if that was asked for. */
  readonly profile?: Profiled | undefined
}

const WARM_UP = 0.2

/**
 * Runs one scenario on a client that is open.
 *
 * @param open - opens another client.
 * @param supabase - whether the server is to speak Supabase's dialect.
 */
export const measure = async (
  client: BenchClient,
  scenario: Scenario,
  open: () => Promise<BenchClient>,
  supabase: boolean,
): Promise<Measured> => {
  switch (scenario.type) {
    case 'fan-in':
      return fanIn(client, scenario, supabase)
    case 'pending':
      return pending(client, scenario.n)
    case 'sockets':
      return sockets(scenario.n, open)
    case 'push':
      return pushes(client, scenario)
    case 'join':
      return joins(client, scenario.n)
    case 'rejoin':
      return rejoins(client, scenario.n)
    case 'heap':
      return heap(client, scenario.n)
    default:
      throw new Error(`${scenario.name} needs no client that is open`)
  }
}

const fanIn = async (
  client: BenchClient,
  { n, topics, size, binary, read, subscribers }: Extract<Scenario, { type: 'fan-in' }>,
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
  await run(Math.ceil(n * WARM_UP))
  return { value: (await cpuUs(() => run(n))) / n, correct: inOrder }
}

const numberOfObject = (payload: unknown): number => (payload as { n: number }).n

const numberOfBytes = (payload: unknown): number =>
  payload instanceof ArrayBuffer ? new DataView(payload).getUint32(0) : (payload as Buffer).readUInt32BE(0)

const pushes = async (
  client: BenchClient,
  { n, inFlight }: Extract<Scenario, { type: 'push' }>,
): Promise<Measured> => {
  await joined(client, 'bench:0', 'msg', () => undefined)
  let wrong = 0
  const run = (count: number, latenciesUs: number[]): Promise<void> =>
    new Promise((resolve) => {
      let pushed = 0
      let replied = 0
      const next = (): void => {
        const i = pushed++
        const startedAt = performance.now()
        client.push('bench:0', 'echo', { n: i, body: 'x'.repeat(60) }, (response) => {
          if (numberOfObject(response) !== replied || replied !== i) wrong += 1
          replied += 1
          latenciesUs.push((performance.now() - startedAt) * 1_000)
          if (pushed < count) next()
          else if (replied === count) resolve()
        })
      }
      for (let i = 0; i < inFlight; i++) next()
    })
  await run(Math.max(inFlight, n * WARM_UP), [])
  const latenciesUs: number[] = []
  const us = await cpuUs(() => run(n, latenciesUs))
  const correct = wrong === 0 && latenciesUs.length === n
  return { value: inFlight === 1 ? median(latenciesUs) : us / n, correct }
}

const joins = async (client: BenchClient, n: number): Promise<Measured> => {
  await Promise.all(
    Array.from({ length: n / 20 }, (_, i) => joined(client, `warm:${i}`, 'msg', () => undefined)),
  )
  const value = (await cpuUs(() => joinAll(client, n))) / n
  return { value, correct: true } // or it would not have ended
}

const rejoins = async (client: BenchClient, n: number): Promise<Measured> => {
  let count = 0
  let all = (): void => undefined
  const joinedAll = (): Promise<void> =>
    new Promise((resolve) => {
      all = resolve
    })
  const first = joinedAll()
  for (let i = 0; i < n; i++)
    client.join(
      topicName(i),
      'msg',
      () => undefined,
      () => {
        count += 1
        if (count % n === 0) all()
      },
    )
  await first
  const again = joinedAll()
  const startedAt = performance.now()
  await profiled(() => {
    client.send('bench:0', 'cut')
    return again
  })
  const value = performance.now() - startedAt
  await sleep(100) // what comes too often would come now
  return { value, correct: count === 2 * n }
}

const heap = async (client: BenchClient, n: number): Promise<Measured> => {
  await joined(client, 'warm:0', 'msg', () => undefined)
  const before = await heapUsed()
  await joinAll(client, n)
  const value = ((await heapUsed()) - before) / n / 1_000
  return { value, correct: true }
}

const pending = async (client: BenchClient, n: number): Promise<Measured> => {
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

const sockets = async (n: number, open: () => Promise<BenchClient>): Promise<Measured> => {
  await joined(await open(), 'bench:0', 'msg', () => undefined)
  const before = await heapUsed()
  const all = await Promise.all(Array.from({ length: n }, open))
  await Promise.all(all.map((client) => joined(client, 'bench:0', 'msg', () => undefined)))
  const value = ((await heapUsed()) - before) / n / 1_000
  return { value, correct: true }
}

const heapUsed = async (): Promise<number> => {
  for (let i = 0; i < 4; i++) {
    await sleep(20)
    if (!globalThis.gc) throw new Error('run with --expose-gc')
    globalThis.gc()
  }
  return process.memoryUsage().heapUsed
}

const joinAll = (
  client: BenchClient,
  n: number,
  heard: (i: number) => (payload: unknown) => void = () => () => undefined,
): Promise<void> =>
  new Promise((resolve) => {
    let count = 0
    const joined = (): void => {
      count += 1
      if (count === n) resolve()
    }
    for (let i = 0; i < n; i++) client.join(topicName(i), 'msg', heard(i), joined)
  })

const joined = (
  client: BenchClient,
  topic: string,
  event: string,
  heard: (payload: unknown) => void,
): Promise<void> =>
  new Promise((resolve) => {
    client.join(topic, event, heard, resolve)
  })

/** User and system time of the whole process, garbage collection and compiler included. */
/** CPU time of this process, in µs. */
export const cpuUs = async (run: () => Promise<void>): Promise<number> => {
  const before = process.cpuUsage()
  await profiled(run)
  const { user, system } = process.cpuUsage(before)
  return user + system
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}
