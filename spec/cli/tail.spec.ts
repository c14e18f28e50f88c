import { channel, error, ok, type ServerChannel } from '../../lib/server/index.ts'
import { lines, runCli, runShell } from './support/run-cli.ts'
import { closeServers, serve } from './support/server.ts'
import { until } from './support/until.ts'

afterEach(closeServers)

describe('rx-phoenix tail', () => {
  it('prints messages as lines of JSON and nothing else, until the server has closed all topics', async () => {
    const { server, url } = await serve({ 'room:*': channel({}) })
    const cli = await runCli(['tail', url, 'room:a', 'room:b'])
    await until(() => server.subscribers('room:a') + server.subscribers('room:b') === 2)

    server.broadcast('room:a', 'new_msg', { id: 1, body: 'hello' })
    server.broadcast('room:b', 'bytes', Uint8Array.of(1, 2, 3))
    for (const topic of ['room:a', 'room:b']) for (const joined of server.channels(topic)) joined.stop()

    const { code, stdout, stderr } = await cli.ended
    expect(lines(stdout)).toEqual([
      { topic: 'room:a', event: 'new_msg', payload: { id: 1, body: 'hello' }, cursor: { 'room:a': 1 } },
      { topic: 'room:b', event: 'bytes', base64: 'AQID', cursor: { 'room:a': 1 } },
    ])
    expect(stderr).toMatch(/^connection: connecting\n/)
    expect(stderr).toContain('room:a: joined\n')
    expect(stderr).toContain('room:b: closed by the server\n')
    expect(code).toBe(0)
  })

  it('prints the events asked for only', async () => {
    const { server, url } = await serve({ 'room:*': channel({}) })
    const cli = await runCli(['tail', url, 'room:a', '--event', 'one', '-e', 'two', '--quiet'])
    await until(() => server.subscribers('room:a') === 1)
    for (const event of ['one', 'three', 'two']) server.broadcast('room:a', event, {})
    for (const joined of server.channels('room:a')) joined.stop()

    const { stdout, stderr } = await cli.ended
    expect(lines(stdout)).toMatchObject([{ event: 'one' }, { event: 'two' }])
    expect(stderr).toBe('')
  })

  it('leaves and ends quietly when its reader has gone', async () => {
    const ends: string[] = []
    let joined: ServerChannel | undefined
    const { url } = await serve({
      'room:*': channel({
        join: (_params, channel) => {
          joined = channel
        },
        terminate: ({ _tag }) => {
          clearInterval(ticking)
          ends.push(_tag)
        },
      }),
    })
    const ticking = setInterval(() => joined?.push('tick'), 5)
    const cli = await runShell(`set -o pipefail; $CLI tail ${url} room:a --quiet | head -n 1`)

    const { code, stdout, stderr } = await cli.ended
    expect(lines(stdout)).toHaveLength(1)
    expect({ code, stderr, ends }).toEqual({ code: 0, stderr: '', ends: ['Left'] })
  })

  it('leaves and ends after as many lines as it was asked for, though nothing more comes', async () => {
    const ends: string[] = []
    const { server, url } = await serve({
      'room:*': channel({
        terminate: ({ _tag }) => {
          ends.push(_tag)
        },
      }),
    })
    const cli = await runCli(['tail', url, 'room:a', '--quiet', '--event', 'new_msg', '--count', '2'])
    await until(() => server.subscribers('room:a') === 1)
    for (const event of ['new_msg', 'other', 'new_msg']) server.broadcast('room:a', event, {})

    const { code, stdout } = await cli.ended
    expect(lines(stdout)).toHaveLength(2)
    expect({ code, ends }).toEqual({ code: 0, ends: ['Left'] })
  })

  it('joins with the cursor of --since, and after a reconnect with that of the last line', async () => {
    const asked: unknown[] = []
    const { server, url } = await serve({
      'room:*': channel({
        join: (params, channel) => {
          asked.push(params)
          channel.send('begin')
        },
        handleInfo: (_message, channel) => {
          channel.push('new_msg', { meta: { seq: asked.length * 10 } })
        },
      }),
    })
    const flags = ['--join-params', '{"a":1}', '--cursor-key', '/meta/seq', '--since-param', 'after']
    const cli = await runCli(['tail', url, 'room:a', '--since', '7', ...flags])
    await cli.written(/"cursor":10/)
    server.connections()[0]?.kill()
    await cli.written(/"cursor":20/)
    cli.process.kill('SIGINT')

    expect((await cli.ended).code).toBe(130)
    expect(asked).toEqual([
      { a: 1, after: 7 },
      { a: 1, after: 10 },
    ])
  })

  it('resumes several topics by the cursor of one line', async () => {
    const asked = new Map<string, unknown>()
    const { url } = await serve({
      'room:*': channel({
        join: (params, _channel, topic) => {
          asked.set(topic, params)
        },
      }),
    })
    const cli = await runCli(['tail', url, 'room:a', 'room:b', '--since', '{"room:a":"x1"}'])
    await until(() => asked.size === 2)
    cli.process.kill('SIGTERM')

    expect((await cli.ended).code).toBe(143)
    expect(Object.fromEntries(asked)).toEqual({ 'room:a': { last_seen_id: 'x1' }, 'room:b': {} })
  })

  it('reports why the join was refused, and exits with 4', async () => {
    const { url } = await serve({ 'room:*': channel({ join: () => error({ reason: 'members only' }) }) })
    const { code, stdout, stderr } = await (await runCli(['tail', url, 'room:a'])).ended
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain('JoinRefused: The server refused the join of "room:a": members only.')
  })

  it('takes secrets from the environment and shows none of them', async () => {
    const seen: unknown[] = []
    const { url } = await serve(
      {
        'room:*': channel({
          join: (params) => {
            seen.push(params)
            return ok()
          },
        }),
      },
      {
        authToken: true,
        connect: ({ params, authToken }) => {
          seen.push(params['key'], authToken)
        },
      },
    )
    const joins = ['--join-param-env', 'password=P', '--join-param-env', 'pin=N']
    const flags = ['--token-env', 'T', '--param-env', 'key=K', ...joins, '--verbose']
    const env = { T: 'top-1', K: 'top-2', P: 'top-3', N: 'top-4' }
    const cli = await runCli(['tail', url, 'room:a', ...flags], env)
    await cli.written(/room:a: joined/)
    cli.process.kill('SIGINT')

    const { stdout, stderr } = await cli.ended
    expect(seen).toEqual(['top-2', 'top-1', { password: 'top-3', pin: 'top-4' }])
    expect(stderr).toContain('> ["1","1","room:a","phx_join",{"password":"[redacted]","pin":"[redacted]"}]')
    expect(stdout + stderr).not.toContain('top-')
  })
})
