import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { filter, firstValueFrom, from, lastValueFrom, mergeMap, range, take } from 'rxjs'
import { type Channel, phoenixSocket } from 'rx-phoenix'
import { outbox, type Outbox } from 'rx-phoenix/durable'
import { type Measured } from '../measured.ts'
import { cpuUs } from '../measures/cpu-us.ts'

/** Payloads as those of the rows of plain pushes. */
const payload = (n: number): object => ({ n, body: 'x'.repeat(60) })

/** So many are put in while others are being sent, as when somebody writes faster than the line carries. */
const TOGETHER = 100

/** How many pushes a second an outbox on LevelDB gets through, one at a time and in order. */
export const outboxRate = (url: string, n: number): Promise<Measured> =>
  withOutbox(url, async (outgoing) => {
    await pushAll(outgoing, n / 5)
    const startedAt = performance.now()
    const correct = await pushAll(outgoing, n)
    return { value: (n / (performance.now() - startedAt)) * 1_000, correct }
  })

/** CPU time of a push through an outbox by that of a plain push, both one after the other. */
export const outboxCost = (url: string, n: number): Promise<Measured> =>
  withOutbox(url, async (outgoing, channel) => {
    const held = channel.subscribe()
    const plainly = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await firstValueFrom(channel.push('echo', payload(i)))
    }
    const stored = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await lastValueFrom(outgoing.push('echo', payload(i)))
    }
    for (const run of [plainly, stored]) await run(n / 5)
    const value = (await cpuUs(() => stored(n))) / (await cpuUs(() => plainly(n)))
    held.unsubscribe()
    return { value, correct: true } // or it would not have ended
  })

/** What an entry takes that waits, in kB of the JavaScript heap, while there is no server. */
export const outboxHeap = async (_url: string, n: number): Promise<Measured> =>
  withOutbox('ws://127.0.0.1:9/nobody', async (outgoing) => {
    await firstValueFrom(outgoing.push('echo', payload(0)))
    const before = heap()
    await lastValueFrom(
      range(1, n).pipe(
        mergeMap(
          (i) =>
            outgoing.push('echo', payload(i)).pipe(
              filter(({ status }) => status === 'queued'),
              take(1),
            ),
          TOGETHER,
        ),
      ),
    )
    const entries = await firstValueFrom(outgoing.entries$)
    const correct = entries.length === n + 1
    const value = (heap() - before) / 1_000 / n
    return { value, correct }
  })

const heap = (): number => {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** Whether all were answered. */
const pushAll = async (outgoing: Outbox, n: number): Promise<boolean> => {
  let done = 0
  await lastValueFrom(
    from(Array.from({ length: n }, (_, i) => i)).pipe(
      mergeMap(
        (i) => outgoing.push('echo', payload(i)).pipe(filter(({ status }) => status === 'done')),
        TOGETHER,
      ),
      filter(() => (done += 1) === n),
    ),
  )
  return done === n
}

const withOutbox = async (
  url: string,
  run: (outgoing: Outbox, channel: Channel) => Promise<Measured>,
): Promise<Measured> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-outbox-'))
  const store = new ClassicLevel<string, string>(folder)
  const channel = phoenixSocket(url).channel('bench:0')
  const outgoing = outbox(channel, { store })
  const held = outgoing.entries$.subscribe()
  try {
    return await run(outgoing, channel)
  } finally {
    held.unsubscribe()
    await store.close()
    await rm(folder, { recursive: true })
  }
}
