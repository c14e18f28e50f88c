import { join } from 'node:path'
import { runScript } from '../support/run-script.ts'

describe('a server that is killed, frozen and garbled in every state of its client', () => {
  it('leaves each push with one outcome, no unhandled error, and nothing that keeps the process alive', async () => {
    const { code, stdout, stderr } = await runScript(join(import.meta.dirname, 'attack.ts')).ended

    expect(stderr).toBe('')
    expect(code).toBe(0)
    const outcomes = Object.entries(JSON.parse(stdout) as Record<string, string>)
    expect(outcomes).toHaveLength(40)
    const odd = outcomes.filter(
      ([, outcome]) =>
        !/^(value, complete|PushTimeout|ConnectionLost|ChannelCrashed|ChannelClosed|PushRefused)$/.test(
          outcome,
        ),
    )
    expect(odd).toEqual([])
    // The attacks do reach their aim: not every push came through.
    expect(new Set(outcomes.map(([, outcome]) => outcome)).size).toBeGreaterThan(1)
  }, 30_000)
})
