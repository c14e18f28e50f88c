import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { channel, error, ok } from '../../lib/server/index.ts'
import { parseSession } from '../../lib/testing/index.ts'
import { lines, runCli, type RunningCli } from './support/run-cli.ts'
import { closeServers, serve } from './support/server.ts'

afterEach(closeServers)

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rx-phoenix-'))
  file = join(folder, 'session.ndjson')
})
afterEach(() => rm(folder, { recursive: true }))

const replayed = async (...flags: readonly string[]): Promise<{ cli: RunningCli; url: string }> => {
  const cli = await runCli(['replay', file, '--port', '0', '--speed', '0', ...flags])
  let stdout = ''
  cli.child.stdout.on('data', (text: string) => (stdout += text))
  await cli.written(/"url":".*"\}\n/)
  return { cli, url: (lines(stdout)[0] as { url: string }).url }
}

const header = { session: 'rx-phoenix', version: 1, url: 'ws://h/live', vsn: '2.0.0', recordedAt: '' }
const frame = (type: 'in' | 'out', atMs: number, connection: number, message: unknown): object => ({
  atMs,
  connection,
  type,
  text: JSON.stringify(message),
})
const reply = (status: string, response: unknown): object => ({ status, response })

describe('rx-phoenix record and replay', () => {
  it('serve a recording again: messages, bytes and the end by the server', async () => {
    const { url } = await serve({
      'room:*': channel({
        join: (_params, channel) => {
          for (const step of [1, 2, 'stop']) channel.send(step)
          return ok({ welcome: channel.topic })
        },
        handleInfo: (step, channel) => {
          if (step === 1) channel.push('new_msg', { id: 1 })
          if (step === 2) channel.push('bytes', Uint8Array.of(1, 2))
          if (step === 'stop') channel.stop()
        },
      }),
    })
    const params = ['--join-param-env', 'password=P', '--join-param-env', 'pin=P', '--param-env', 'key=P']
    const recording = await runCli(['record', url, 'room:a', 'room:b', ...params], { P: 'hush' })
    const recorded = await recording.ended
    expect(recorded.code).toBe(0)
    expect(parseSession(recorded.stdout)).toMatchObject({ _tag: 'Right' })
    expect(recorded.stdout + recorded.stderr).not.toContain('hush')

    await writeFile(file, recorded.stdout)
    const again = await replayed()
    const tail = async (from: string): Promise<readonly unknown[]> => {
      const { code, stdout } = await (await runCli(['tail', from, 'room:a', 'room:b', '-q'])).ended
      expect(code).toBe(0)
      // The order of two topics is nobody's promise.
      return lines(stdout)
        .map((line) => ({ ...(line as object), cursor: undefined }))
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    }
    const original = await tail(url)
    expect(original).toHaveLength(4)
    expect(await tail(again.url)).toEqual(original)
    again.cli.process.kill('SIGINT')
    expect((await again.cli.ended).code).toBe(130)
  })

  it('answers pushes as recorded, and reports which were never made', async () => {
    const session = [
      header,
      frame('out', 0, 1, ['1', '1', 'a', 'phx_join', {}]),
      frame('in', 1, 1, ['1', '1', 'a', 'phx_reply', reply('ok', {})]),
      frame('out', 2, 1, ['1', '2', 'a', 'save', { n: 1 }]),
      frame('in', 3, 1, ['1', '2', 'a', 'phx_reply', reply('ok', { id: 'one' })]),
      frame('out', 4, 1, ['1', '3', 'a', 'save', { n: 2 }]),
      frame('in', 5, 1, ['1', '3', 'a', 'phx_reply', reply('error', { reason: 'full' })]),
    ]
    await writeFile(file, session.map((line) => JSON.stringify(line)).join('\n'))
    const { cli, url } = await replayed()
    expect(url).toMatch(/\/live$/)
    const push = async (event: string, payload: string) =>
      (await runCli(['push', url, 'a', event, payload, '-q'])).ended
    expect(await push('save', '{"n":2}')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('full') as string,
    })
    expect(await push('save', '{"n":1}')).toMatchObject({ code: 0, stdout: '{"id":"one"}\n' })
    expect((await push('other', '{}')).stderr).toContain('"other" is not in the recording')
    cli.process.kill('SIGINT')
    await cli.ended
  })

  it('crashes and loses connections as recorded, and then continues with the next join', async () => {
    const session = [
      header,
      frame('out', 0, 1, ['1', '1', 'a', 'phx_join', {}]),
      frame('in', 1, 1, ['1', '1', 'a', 'phx_reply', reply('ok', {})]),
      frame('in', 2, 1, ['1', null, 'a', 'news', { n: 1 }]),
      { atMs: 3, connection: 1, type: 'close', cause: 'ConnectionClosed', code: 1006 },
      frame('out', 4, 2, ['2', '2', 'a', 'phx_join', {}]),
      frame('in', 5, 2, ['2', '2', 'a', 'phx_reply', reply('ok', {})]),
      frame('in', 6, 2, ['2', '2', 'a', 'phx_error', {}]),
      frame('out', 7, 2, ['3', '3', 'a', 'phx_join', {}]),
      frame('in', 8, 2, ['3', '3', 'a', 'phx_reply', reply('ok', {})]),
      frame('in', 9, 2, ['3', null, 'a', 'news', { n: 3 }]),
      frame('in', 10, 2, ['3', '3', 'a', 'phx_close', {}]),
    ]
    await writeFile(file, session.map((line) => JSON.stringify(line)).join('\n'))
    const { cli, url } = await replayed()
    const { code, stdout, stderr } = await (await runCli(['tail', url, 'a'])).ended
    expect(lines(stdout)).toMatchObject([{ payload: { n: 1 } }, { payload: { n: 3 } }])
    expect(stderr).toContain('closed with code 1006')
    expect(stderr).toContain('a: The channel "a" crashed')
    expect(code).toBe(0)
    cli.process.kill('SIGINT')
    await cli.ended
  })

  it('says what is wrong with a file, and exits with 2', async () => {
    await writeFile(file, `${JSON.stringify({ ...header, version: 9 })}\n`)
    const newer = await (await runCli(['replay', file])).ended
    expect(newer).toMatchObject({ code: 2, stdout: '' })
    expect(newer.stderr).toContain('line 1: its version is 9, and this program reads 1')
    const missing = await (await runCli(['replay', join(folder, 'none')])).ended
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('ENOENT') as string })
  })

  it('records a join that was refused too', async () => {
    const { url } = await serve({ 'room:*': channel({ join: () => error({ reason: 'members only' }) }) })
    const { code, stdout } = await (await runCli(['record', url, 'room:a'])).ended
    expect(code).toBe(4)
    await writeFile(file, stdout)
    const again = await replayed()
    const { code: same, stderr } = await (await runCli(['tail', again.url, 'room:a'])).ended
    expect({ same, stderr }).toMatchObject({
      same: 4,
      stderr: expect.stringContaining('members only') as string,
    })
    again.cli.process.kill('SIGINT')
    await again.cli.ended
  })
})
