import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lines, runCli, type RunningCli } from './support/run-cli.ts'

const SESSION = `{"session":"rx-phoenix","version":1,"url":"ws://localhost/socket","vsn":"2.0.0","recordedAt":"2026-01-01T00:00:00Z"}
{"atMs":1,"connection":1,"type":"open"}
{"atMs":2,"connection":1,"type":"out","text":"[\\"1\\",\\"1\\",\\"a\\",\\"phx_join\\",{}]"}
`

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rx-phoenix-'))
})
afterEach(() => rm(folder, { recursive: true }))

const started = async (): Promise<{ readonly server: RunningCli; readonly url: string }> => {
  const server = await runCli(['serve', '--port', '0'])
  let stdout = ''
  server.child.stdout.on('data', (text: string) => (stdout += text))
  await server.written(/"url":".*"\}\n/)
  return { server, url: (lines(stdout)[0] as { url: string }).url }
}

describe('rx-phoenix serve', () => {
  it('serves a room in which nothing is missed, and ends at SIGTERM', async () => {
    const { server, url } = await started()
    const push = ['push', url, 'room:a', 'new_msg', '-q']
    for (const body of ['one', 'two']) {
      const { stdout } = await (await runCli([...push, `{"body":"${body}"}`])).ended
      expect(lines(stdout)).toEqual([{ id: body === 'one' ? 1 : 2 }])
    }
    const tail = await runCli(['tail', url, 'room:a', '-e', 'new_msg', '--since', '1', '-q'])
    await tail.written(/"two"/)
    server.process.kill('SIGTERM')

    expect(await server.ended).toMatchObject({ code: 143, stdout: `{"url":"${url}"}\n` })
    tail.process.kill('SIGINT')
    expect(lines((await tail.ended).stdout)).toEqual([
      { topic: 'room:a', event: 'new_msg', payload: { from: 'guest-2', body: 'two', id: 2 }, cursor: 2 },
    ])
  })

  it.each(['serve', 'replay'])('%s says what to do where the port is in use', async (command) => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const session = join(folder, 'session.ndjson')
    await writeFile(session, SESSION)
    const args = [command, ...(command === 'replay' ? [session] : []), '--port', `${port}`, '--quiet']
    const { code, stdout, stderr } = await (await runCli(args)).ended
    other.close()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      `CannotListen: Port ${port} of 127.0.0.1 is in use. Choose another one with --port (0: a free one), ` +
        `or end the process that has it: lsof -i :${port} shows which one that is.\n`,
    )
  })

  it('says that an address is not one of this machine', async () => {
    const { code, stderr } = await (await runCli(['serve', '--port', '0', '--host', '192.0.2.1'])).ended
    expect(code).toBe(1)
    expect(stderr).toContain(
      'CannotListen: This machine has no address 192.0.2.1. Pass one of its own with --host.',
    )
  })
})
