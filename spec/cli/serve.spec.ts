import { createServer } from 'node:net'
import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { lines, runCli, type RunningCli } from './support/run-cli.ts'

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
      { topic: 'room:a', event: 'new_msg', payload: { body: 'two', id: 2 }, cursor: 2 },
    ])
  })

  it('says that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, stderr } = await (await runCli(['serve', '--port', `${port}`])).ended
    other.close()
    expect(code).toBe(1)
    expect(stderr).toContain('EADDRINUSE')
  })
})
