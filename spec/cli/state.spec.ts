import { type Either } from 'fp-ts/Either'
import { applyPatch } from '../../lib/live-state/index.ts'
import { channel, liveStateChannel, next, ok } from '../../lib/server/index.ts'
import { lines, runCli } from './support/run-cli.ts'
import { closeServers, serve } from './support/server.ts'

afterEach(closeServers)

const counting = (dialect: 'live-state' | 'seance') =>
  liveStateChannel<{ n: number }>({
    dialect,
    init: () => ok({ n: 0 }),
    handleMessage: (message, { n }) => next({ n: message === 'same' ? n : n + 1 }),
  })

const run = async (dialect: 'live-state' | 'seance', flags: readonly string[]) => {
  const { server, url } = await serve({ 'c:*': counting(dialect) })
  const cli = await runCli(['state', url, 'c:1', '--dialect', dialect, ...flags])
  await cli.written(/"n":0|"part":/)
  return { server, cli }
}

describe('rx-phoenix state', () => {
  it.each(['live-state', 'seance'] as const)('prints each version of the state (%s)', async (dialect) => {
    const { server, cli } = await run(dialect, [])
    for (const message of ['more', 'same', 'more']) server.publish('c:1', message)
    await cli.written(/"version":3/)
    server.channels('c:1')[0]?.stop()
    const { code, stdout } = await cli.ended
    expect(lines(stdout)).toEqual([
      { version: 0, state: { n: 0 } },
      { version: 1, state: { n: 1 } },
      { version: 2, state: { n: 1 } },
      { version: 3, state: { n: 2 } },
    ])
    expect(code).toBe(0)
  })

  it('prints patches that lead from snapshot to snapshot, also where one was lost', async () => {
    const { server, cli } = await run('live-state', ['--patches'])
    server.publish('c:1', 'more')
    await cli.written(/"version":1/)
    let lost = 0
    server.injectFaults({
      frame: ({ direction }) => (direction === 'out' && (lost += 1) === 1 ? 'drop' : 'pass'),
    })
    server.publish('c:1', 'more')
    server.publish('c:1', 'more')
    await cli.written(/"version":3,"state"/)
    server.publish('c:1', 'more')
    await cli.written(/"version":4/)
    cli.process.kill('SIGINT')

    const printed = lines((await cli.ended).stdout) as { version: number; state?: unknown; patch?: unknown }[]
    expect(printed.map(({ version, patch }) => [version, patch ? 'patch' : 'state'])).toEqual([
      [0, 'state'],
      [1, 'patch'],
      [3, 'state'],
      [4, 'patch'],
    ])
    const last = printed.reduce<unknown>(
      (state, line) => (line.patch ? rightOf(applyPatch(state, line.patch)) : line.state),
      undefined,
    )
    expect(last).toEqual({ n: 4 })
  })

  it('ends after as many lines as it was asked for', async () => {
    const { url } = await serve({ 'c:*': counting('live-state') })
    const { code, stdout } = await (await runCli(['state', url, 'c:1', '-n', '1'])).ended
    expect(lines(stdout)).toEqual([{ version: 0, state: { n: 0 } }])
    expect(code).toBe(0)
  })

  it('warns if no state arrives, and keeps waiting', async () => {
    const { server, url } = await serve({ 'c:*': channel({}) })
    const cli = await runCli(['state', url, 'c:1'])
    await cli.written(/c:1: joined, and no state has come\. .*\(--dialect seance\)\. Still waiting/)
    server.broadcast('c:1', 'state:change', { state: { n: 7 }, version: 1 })
    await cli.written(/"n":7/)
    cli.process.kill('SIGINT')
    expect(await cli.ended).toMatchObject({ code: 130, stdout: '{"version":1,"state":{"n":7}}\n' })
  })

  it('prints a part whenever it is another one', async () => {
    const { server, cli } = await run('seance', ['--select', '/n'])
    for (const message of ['same', 'more']) server.publish('c:1', message)
    await cli.written(/"part":1/)
    cli.process.kill('SIGINT')
    expect(lines((await cli.ended).stdout)).toEqual([{ part: 0 }, { part: 1 }])
  })
})

const rightOf = <A>(either: Either<unknown, A>): A => {
  if (either._tag === 'Right') return either.right
  throw new Error('the patch does not fit')
}
