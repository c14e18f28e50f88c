import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Running, runScript } from '../support/run-script.ts'
import { natsCluster, natsServer, type NatsServer } from './nats-servers.ts'

const main = fileURLToPath(new URL('../../examples/nats-bridge/main.ts', import.meta.url))

const installed = spawnSync('nats-server', ['--version']).status === 0

describe('examples/nats-bridge', () => {
  let folder: string
  let servers: readonly NatsServer[] = []
  let script: Running | undefined

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nats-bridge-'))
  })
  afterEach(async () => {
    script?.process.kill('SIGKILL')
    for (const { running } of servers) running.process.kill('SIGKILL')
    await Promise.all(servers.map(({ running }) => running.ended))
    rmSync(folder, { recursive: true, force: true })
  })

  if (!installed) {
    // eslint-disable-next-line jest/no-disabled-tests, jest/expect-expect -- there is nothing to run it with
    it.skip('needs nats-server, which is not installed: apt-get install nats-server', () => undefined)
    return
  }

  const expectWhole = (stdout: string): void => {
    expect(stdout).toMatch(/^300 orders, 300 settled: \d+ by ann, \d+ by bob$/m)
    expect(stdout).toMatch(/^\d+ put back when a line was cut, [1-9]\d* settled again under the same id$/m)
    // In any order, and again, if the lease could not be renewed while the cluster elected a leader.
    expect(stdout).toMatch(/^(?=.*ada)(?=.*ben).* read; \d+ offered to the queue again, and left out$/m)
  }

  it('settles each order, though the line is cut and the reader is killed', async () => {
    servers = [await natsServer(folder)]
    script = runScript(
      main,
      servers.map(({ address }) => address),
    )
    const { code, stdout, stderr } = await script.ended

    expect(stderr).toBe('')
    expectWhole(stdout)
    expect(code).toBe(0)
  }, 180_000)

  it('settles each order on a cluster whose leader is killed', async () => {
    servers = await natsCluster(folder)
    script = runScript(main, [servers.map(({ address }) => address).join(',')])
    let printed = ''
    script.process.stdout?.on('data', (text: string) => (printed += text))
    await script.written(/^100 settled$/m)
    const [, leader] = /^the stream is led by (\w+)$/m.exec(printed) ?? []
    servers.find(({ name }) => name === leader)?.running.process.kill('SIGKILL')
    const { code, stdout } = await script.ended

    expect(leader).toMatch(/^n[123]$/)
    expectWhole(stdout)
    expect(code).toBe(0)
  }, 180_000)
})
