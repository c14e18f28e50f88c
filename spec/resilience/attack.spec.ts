import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

describe('a server that is killed, frozen and garbled in every state of its client', () => {
  it('leaves each push with one outcome, no unhandled error, and nothing that keeps the process alive', async () => {
    const script = join(import.meta.dirname, 'attack.ts')
    const node = spawn(process.execPath, ['--conditions=rx-phoenix-source', '--import=tsx', script])
    let output = ''
    let errors = ''
    node.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    node.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    const [code] = (await once(node, 'close')) as [number]

    expect(errors).toBe('')
    expect(code).toBe(0)
    const outcomes = Object.entries(JSON.parse(output) as Record<string, string>)
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
