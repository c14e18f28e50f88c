import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { follow, type Running, runScript } from '../support/run-script.ts'

const main = fileURLToPath(new URL('../../examples/nats-bridge/main.ts', import.meta.url))

const installed = spawnSync('nats-server', ['--version']).status === 0

describe('examples/nats-bridge', () => {
  let folder: string
  let nats: Running | undefined

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nats-bridge-'))
  })
  afterAll(async () => {
    nats?.process.kill('SIGKILL')
    await nats?.ended
    rmSync(folder, { recursive: true, force: true })
  })

  if (!installed) {
    // eslint-disable-next-line jest/no-disabled-tests, jest/expect-expect -- there is nothing to run it with
    it.skip('needs nats-server, which is not installed: apt-get install nats-server', () => undefined)
    return
  }

  it('settles each order, though the line is cut in the middle', async () => {
    const child = spawn('nats-server', ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', '-1'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let log = ''
    child.stderr.on('data', (text: unknown) => (log += String(text)))
    nats = follow(child)
    await nats.written(/Server is ready/)
    const [, port = ''] = /Listening for client connections on [^ ]*:(\d+)/.exec(log) ?? []
    const { code, stdout, stderr } = await runScript(main, [`nats://127.0.0.1:${port}`]).ended
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^300 orders, 300 settled: \d+ by ann, \d+ by bob$/m)
    expect(stdout).toMatch(/^\d+ put back when the line was cut, [1-9]\d* settled again under the same id$/m)
    expect(code).toBe(0)
  }, 60_000)
})
