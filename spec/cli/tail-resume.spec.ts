import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { channel, memoryLog, resumable } from '../../lib/server/index.ts'
import { lines, runCli } from './support/run-cli.ts'
import { closeServers, serve } from './support/server.ts'
import { until } from './support/until.ts'

afterEach(closeServers)

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rx-phoenix-'))
  file = join(folder, 'position')
})
afterEach(() => rm(folder, { recursive: true }))

/** A room that keeps what is said, and sends a client what came behind the id that it joins with. */
const room = async () => {
  const said: { readonly id: number }[] = []
  const asked: unknown[] = []
  const served = await serve({
    'room:*': channel({
      join: (params, channel) => {
        asked.push(params)
        channel.send((params as { last_seen_id?: number }).last_seen_id ?? Infinity)
      },
      handleInfo: (after, channel) => {
        for (const message of said) if (message.id > (after as number)) channel.push('new_msg', message)
        channel.push('ready', {})
      },
    }),
  })
  const say = (id: number): void => {
    said.push({ id })
    served.server.broadcast('room:a', 'new_msg', { id })
  }
  return { ...served, asked, say }
}

const ids = (stdout: string): readonly unknown[] =>
  lines(stdout).flatMap((line) => {
    const { event, payload } = line as { event: string; payload: { id?: number } }
    return event === 'new_msg' ? [payload.id] : []
  })

describe('rx-phoenix tail --resume', () => {
  it('continues after the last line of the previous run, which was ended or killed', async () => {
    const { server, url, asked, say } = await room()
    const args = ['tail', url, 'room:a', '--resume', file]
    const first = await runCli(args)
    await first.written(/"ready"/)
    for (const id of [1, 2]) say(id)
    await first.written(/"id":2/)
    first.process.kill('SIGINT')
    const ended = await first.ended
    expect({ code: ended.code, ids: ids(ended.stdout) }).toEqual({ code: 130, ids: [1, 2] })

    say(3)
    const second = await runCli(args)
    await second.written(/"id":3/)
    say(4)
    await second.written(/"id":4/)
    // Its position is saved by and by.
    await until(() => readFileSync(file, 'utf8').includes('"cursor":4'))
    second.process.kill('SIGKILL')
    expect(ids((await second.ended).stdout)).toEqual([3, 4])

    say(5)
    const third = await runCli([...args, '-e', 'new_msg', '-n', '1'])
    const { code, stdout } = await third.ended
    expect({ code, ids: ids(stdout) }).toEqual({ code: 0, ids: [5] })
    expect(asked).toEqual([{}, { last_seen_id: 2 }, { last_seen_id: 4 }])
    expect(server.connections()).toEqual([])
  })

  it('prints a message that is repeated after a reconnect once, and messages without an id as they come', async () => {
    const { server, url, asked, say } = await room()
    const cli = await runCli(['tail', url, 'room:a', '--resume', file, '--join-params', '{"a":1}'])
    await cli.written(/"ready"/)
    say(1)
    await cli.written(/"id":1/)
    server.connections()[0]?.kill()
    await until(() => server.connections().length === 0)
    say(2)
    await cli.written(/"id":2/)
    // As a server that sends too much.
    for (const id of [1, 2, 3]) server.broadcast('room:a', 'new_msg', { id })
    await cli.written(/"id":3/)
    cli.process.kill('SIGTERM')

    const { stdout, stderr } = await cli.ended
    expect(
      lines(stdout).map((line) => [(line as { event: string }).event, (line as { cursor: unknown }).cursor]),
    ).toEqual([
      ['ready', undefined],
      ['new_msg', 1],
      ['new_msg', 2],
      ['ready', 2],
      ['new_msg', 3],
    ])
    expect(asked).toEqual([{ a: 1 }, { a: 1, last_seen_id: 1 }])
    expect(stderr).not.toMatch(/idle|missing/)
  })

  it('begins behind --since where the file holds nothing yet', async () => {
    const { url, asked } = await room()
    for (const since of ['7', '9']) {
      const cli = await runCli(['tail', url, 'room:a', '--resume', file, '--since', since, '-n', '1'])
      await cli.ended
    }
    // Nothing with an id came, so the second run begins where it is told to.
    expect(asked).toEqual([{ last_seen_id: 7 }, { last_seen_id: 9 }])
  })

  it('warns if the server no longer has what was missed', async () => {
    const log = memoryLog({ keep: 2 })
    const { url } = await serve({ 'room:*': resumable(log) })
    for (let i = 0; i < 5; i += 1) log.append('room:a', 'new_msg')
    const flags = ['--cursor-key', 'seq', '--since-param', 'after', '--since', '1', '-n', '2']
    const { code, stdout, stderr } = await (await runCli(['tail', url, 'room:a', ...flags])).ended
    expect(lines(stdout)).toMatchObject([{ payload: { seq: 4 } }, { payload: { seq: 5 } }])
    expect(stderr).toContain('room:a: the server does not have all messages behind 1 any more')
    expect(code).toBe(0)
  })

  it('leaves a file of another program alone, and one that another process uses', async () => {
    const { url } = await room()
    await writeFile(file, 'dear diary')
    const foreign = await (await runCli(['tail', url, 'room:a', '--resume', file])).ended
    expect(foreign).toMatchObject({ code: 1, stderr: expect.stringMatching(/holds no checkpoint/) as string })
    expect(await readFile(file, 'utf8')).toBe('dear diary')

    await rm(file)
    const first = await runCli(['tail', url, 'room:a', '--resume', file])
    await first.written(/"ready"/)
    const second = await (await runCli(['tail', url, 'room:a', '--resume', file])).ended
    expect(second).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is in use by process \d+ .*its own file/) as string,
    })
    first.process.kill('SIGINT')
    await first.ended
  })

  it('takes one topic', async () => {
    const { code, stderr } = await (await runCli(['tail', 'ws://h/s', 'a', 'b', '--resume', file])).ended
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one topic; run one tail for each') as string,
    })
  })
})
