import { type BenchClient } from '../clients/bench-client.ts'
import { type Scenario } from '../scenario.ts'
import { type Measured } from '../measured.ts'
import { cpuUs } from './cpu-us.ts'
import { joined } from './joined.ts'
import { median } from './median.ts'
import { numberOfObject } from './number-of-object.ts'
import { WARM_UP } from './warm-up.ts'

export const pushes = async (
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
