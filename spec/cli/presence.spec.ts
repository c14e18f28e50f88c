import { channel, presence, type PhoenixServer, type ServerChannel } from '../../lib/server/index.ts'
import { lines, runCli, runOnTerminal } from './support/run-cli.ts'
import { closeServers, serve } from './support/server.ts'
import { until } from './support/until.ts'

afterEach(closeServers)

const ESCAPE = '\u001b'
const CTRL_C = '\u0003'

/** A room in which the client itself is `me`, and others can be put in. */
const room = async () => {
  const presences = presence()
  const served = await serve({
    'room:*': channel({
      join: (_params, channel) => {
        channel.send('begin')
      },
      handleInfo: (_message, channel) => {
        presences.track(channel, 'me', { device: 'tty' })
        presences.pushState(channel)
      },
    }),
  })
  const own = async (): Promise<ServerChannel> => {
    await until(() => served.server.channels('room:a').length === 1)
    return firstOf(served.server)
  }
  return { ...served, presences, own }
}

const firstOf = (server: PhoenixServer): ServerChannel => {
  const [first] = server.channels('room:a')
  if (!first) throw new Error('nobody is there')
  return first
}

describe('rx-phoenix presence', () => {
  it('prints joins, updates and leaves, one line of JSON each', async () => {
    const { url, presences, own } = await room()
    const cli = await runCli(['presence', url, 'room:a'])
    await cli.written(/"me"/)
    const channel = await own()
    presences.track(channel, 'ann', { device: 'phone' })
    presences.update(channel, 'ann', { device: 'desk' })
    presences.untrack(channel, 'ann')
    channel.stop()

    const { code, stdout } = await cli.ended
    expect(lines(stdout)).toMatchObject([
      { change: 'join', key: 'me', presence: { metas: [{ device: 'tty' }] } },
      { change: 'join', key: 'ann', presence: { metas: [{ device: 'phone' }] } },
      { change: 'update', key: 'ann', presence: { metas: [{ device: 'desk' }] } },
      { change: 'leave', key: 'ann', presence: { metas: [{ device: 'desk' }] } },
    ])
    expect(code).toBe(0)
  })

  it('ends after as many changes as it was asked for', async () => {
    const { url } = await room()
    const { code, stdout } = await (await runCli(['presence', url, 'room:a', '-n', '1'])).ended
    expect(lines(stdout)).toMatchObject([{ change: 'join', key: 'me' }])
    expect(code).toBe(0)
  })

  it('warns if no list comes, and keeps waiting', async () => {
    const { server, url } = await serve({ 'room:*': channel({}) })
    const cli = await runCli(['presence', url, 'room:a'])
    await cli.written(/room:a: joined, and no list of presences has come\. .*Still waiting/)
    server.broadcast('room:a', 'presence_state', { ann: { metas: [{ phx_ref: 'r' }] } })
    await cli.written(/"ann"/)
    cli.process.kill('SIGINT')
    expect((await cli.ended).code).toBe(130)
  })

  it('warns on a terminal, too', async () => {
    const { url } = await serve({ 'room:*': channel({}) })
    const cli = await runOnTerminal(`$CLI presence ${url} room:a`)
    await cli.written(/no list of presences has come/)
    cli.stdin.write(CTRL_C)
    expect((await cli.ended).code).toBe(130)
  })

  it('redraws a table on a terminal, which no name can break', async () => {
    const { url, presences, own } = await room()
    const cli = await runOnTerminal(`$CLI presence ${url} room:a`)
    await cli.written(/me +1 {2}\{"device":"tty"\}/)
    presences.track(await own(), `eve${ESCAPE}[2J`, {})
    await cli.written(/room:a: joined, 2 here/)
    cli.stdin.write(CTRL_C)

    const { code, stdout } = await cli.ended
    expect(stdout).toContain(`${ESCAPE}[3F${ESCAPE}[0Jroom:a: joined, 2 here`)
    expect(stdout).not.toContain(`${ESCAPE}[2J`)
    expect(code).toBe(130)
  })
})
