import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { channel, error, ok, onceByKey } from '../../lib/server/index.ts'
import { builtCli } from './support/built-cli.ts'
import { lines, runCli, runShell } from './support/run-cli.ts'
import { closeServers, serve } from './support/server.ts'
import { until } from './support/until.ts'

afterEach(closeServers)

let folder: string
let box: string
let dead: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rx-phoenix-'))
  box = join(folder, 'outbox')
  dead = join(folder, 'dead.ndjson')
})
afterEach(() => rm(folder, { recursive: true }))

const ndjson = (from: number, to: number, more: (n: number) => object = () => ({})): string =>
  Array.from(
    { length: to - from + 1 },
    (_, i) => `${JSON.stringify({ n: from + i, ...more(from + i) })}\n`,
  ).join('')

interface Order {
  readonly n: number
  readonly idempotency_key: string
}

/** Takes each key once. What `before` gives is waited for before an order is applied. */
const shop = async (before: (order: Order) => Promise<void> | undefined = () => undefined) => {
  const arrived: Order[] = []
  const applied: number[] = []
  const order = onceByKey<Order>(async (given) => {
    await before(given)
    applied.push(given.n)
    return given.n === 13 ? error({ reason: 'unlucky' }) : ok({ n: given.n })
  })
  const channels = {
    'room:*': channel({
      handleIn: (_event, payload, channel) => {
        arrived.push(payload as Order)
        return order(payload as Order, channel)
      },
    }),
  }
  return { ...(await serve(channels)), channels, arrived, applied }
}

/** Waits at one order until it is let go. */
const stopAt = (n: number) => {
  let go: () => void = () => undefined
  const gone = new Promise<void>((resolve) => {
    go = resolve
  })
  return {
    before: (order: Order) => (order.n === n ? gone : undefined),
    go: () => {
      go()
    },
  }
}

/** Whether a text is in the database, whose newest entries stand in its log as they are. */
const isStored = (text: string): boolean =>
  existsSync(box) &&
  readdirSync(box).some((file) => file.endsWith('.log') && readFileSync(join(box, file)).includes(text))

const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)
const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b)

describe('rx-phoenix pipe --outbox', () => {
  it('continues with a file after kill -9, applies each line once, and starts again when all are done', async () => {
    const { before, go } = stopAt(40)
    const { url, applied, arrived } = await shop(before)
    const input = join(folder, 'orders.ndjson')
    await writeFile(input, ndjson(1, 100))
    const line = `exec $CLI pipe ${url} room:a order --outbox ${box} --dead-letters ${dead} < ${input}`
    const first = await runShell(line)
    await until(() => arrived.length === 40)
    first.process.kill('SIGKILL')
    await first.ended
    // Applied, and nobody there to hear it.
    go()
    await until(() => applied.length === 40)

    const second = await (await runShell(line)).ended
    // None, if the first run had put order 13 aside before it was killed.
    expect(second.stderr).toMatch(/acknowledged, [01] dead/)
    expect(sorted(applied)).toEqual(numbers(1, 100))
    // Maybe twice, if it was killed before it could take the line out of the outbox.
    const letters = lines(await readFile(dead, 'utf8')) as { input: { n: number }; error: unknown }[]
    expect(new Set(letters.map(({ input }) => input.n))).toEqual(new Set([13]))
    expect(letters[0]).toMatchObject({ error: { name: 'PushRefused', response: { reason: 'unlucky' } } })

    const third = await (await runShell(line)).ended
    expect(third.stderr).toMatch(/100 lines: 99 acknowledged, 1 dead/)
    expect(sorted(applied)).toEqual(sorted([...numbers(1, 100), ...numbers(1, 100)]))
    expect(third.code).toBe(5)
  })

  it('keeps lines from a pipe while the server is down, also over kill -9, and sends them first', async () => {
    const { server, url, channels, applied } = await shop()
    await server.close()
    const args = ['pipe', url, 'room:a', 'order', '--outbox', box, '--replies', '-c', '1']
    const first = await runCli(args)
    first.stdin.write(ndjson(1, 20))
    await until(() => isStored('"n":20'))
    first.process.kill('SIGKILL')
    expect((await first.ended).stdout).toBe('')

    const second = await runCli(args)
    second.stdin.write(ndjson(21, 22))
    await second.written(/20 of an earlier run are in .* and go out first/)
    await until(() => isStored('"n":22'))
    second.process.kill('SIGINT')
    const ended = await second.ended
    expect(ended.stderr).toMatch(
      /Read up to line 2; 22 stay in .*outbox and go out when the command is run again/,
    )
    expect(ended.stderr).toMatch(/22 lines: 0 acknowledged, 0 dead, 0 retried, 0\/s; 22 kept\n$/)
    expect(ended.code).toBe(130)

    await serve(channels, { port: server.port })
    const third = await runCli(args)
    third.stdin.end(ndjson(23, 24))
    const { code, stdout } = await third.ended
    expect(applied.slice(0, 22)).toEqual(numbers(1, 22))
    expect(sorted(applied)).toEqual(numbers(1, 24))
    expect(lines(stdout)).toHaveLength(23)
    expect(lines(stdout)[0]).toEqual({ reply: { n: 1 } })
    expect(lines(stdout)).toContainEqual({ line: 2, reply: { n: 24 } })
    // The order that is refused is dead, and gone from the outbox.
    expect(code).toBe(5)
  })

  it('uses the key of a line, so that a line that arrives twice is applied once', async () => {
    const { url, arrived, applied } = await shop()
    const args = ['pipe', url, 'room:a', 'order', '--outbox', box, '--line-key', '/meta/id']
    for (let run = 0; run < 2; run += 1) {
      const cli = await runCli(args)
      cli.stdin.end(ndjson(1, 3, (n) => ({ meta: { id: 100 + n } })))
      expect((await cli.ended).code).toBe(0)
    }
    expect(applied).toEqual([1, 2, 3])
    expect(arrived).toHaveLength(6)
    expect(arrived[0]).toEqual({ n: 1, meta: { id: 101 }, idempotency_key: '101' })
  })

  it('continues after the last line that it stored', async () => {
    const { before, go } = stopAt(4)
    const { url, arrived, applied } = await shop(before)
    const input = join(folder, 'orders.ndjson')
    await writeFile(input, ndjson(1, 5))
    const line = `exec $CLI pipe ${url} room:a order --outbox ${box} -c 1 < ${input}`
    const first = await runShell(line)
    await until(() => arrived.length === 4)
    first.process.kill('SIGINT')
    await first.ended
    go()
    const { code, stderr } = await (await runShell(line)).ended
    expect(stderr).toContain('2 of an earlier run are in')
    expect(stderr).toContain('Continues after line 5 of this input.')
    expect(arrived.map(({ n }) => n)).toEqual([1, 2, 3, 4, 4, 5])
    expect({ code, applied }).toEqual({ code: 0, applied: [1, 2, 3, 4, 5] })
  })

  it('recognizes another file, even after an interrupted run', async () => {
    const { before, go } = stopAt(4)
    const { url, applied, arrived } = await shop(before)
    const [one, two] = [join(folder, 'one'), join(folder, 'two')]
    await writeFile(one, ndjson(1, 5))
    await writeFile(two, ndjson(101, 105))
    const line = (input: string): string =>
      `exec $CLI pipe ${url} room:a order --outbox ${box} -c 1 < ${input}`
    const first = await runShell(line(one))
    await until(() => arrived.length === 4)
    first.process.kill('SIGINT')
    await first.ended
    go()
    const { code, stderr } = await (await runShell(line(two))).ended
    expect(stderr).not.toContain('Goes on')
    expect(sorted(applied)).toEqual([...numbers(1, 5), ...numbers(101, 105)])
    expect(code).toBe(0)
  })

  it('puts aside lines to which no key can be added', async () => {
    const { url, applied } = await shop()
    const cli = await runCli(['pipe', url, 'room:a', 'order', '--outbox', box, '--dead-letters', dead])
    cli.stdin.end('[1]\n{"n":2}\n{"n":\n7\n')
    const { code } = await cli.ended
    expect(lines(await readFile(dead, 'utf8'))).toMatchObject([
      { line: 1, text: '[1]', error: { message: expect.stringContaining('not a JSON object') as string } },
      { line: 3, text: '{"n":', error: { message: 'the line is not JSON' } },
      { line: 4, text: '7' },
    ])
    expect({ applied, code }).toEqual({ applied: [2], code: 5 })
  })

  it('ends when the join is refused, and keeps the lines', async () => {
    const { url } = await serve({ 'room:*': channel({ join: () => error({ reason: 'members only' }) }) })
    const cli = await runCli(['pipe', url, 'room:a', 'order', '--outbox', box])
    cli.stdin.write(ndjson(1, 2))
    const { code, stderr } = await cli.ended
    expect(stderr).toContain('JoinRefused: The server refused the join of "room:a": members only.')
    expect(code).toBe(4)
  })

  it('takes a folder for itself', async () => {
    const { before, go } = stopAt(1)
    const { url, arrived } = await shop(before)
    const args = ['pipe', url, 'room:a', 'order', '--outbox', box]
    const first = await runCli(args)
    first.stdin.end(ndjson(1, 1))
    await until(() => arrived.length === 1)
    const { code, stderr } = await (await runCli(args)).ended
    expect(stderr).toContain(
      'StoreLocked: Another process uses the folder of --outbox; give each process its own folder.',
    )
    expect(code).toBe(1)
    go()
    expect((await first.ended).code).toBe(0)
  })

  it('names the package to install if it is missing', async () => {
    // Outside of this project, where it is not found.
    const program = await builtCli()
    await cp(dirname(program), join(folder, 'bin'), { recursive: true })
    await writeFile(join(folder, 'bin/package.json'), '{"type":"module"}')
    const cli = await runShell(
      `${process.execPath} ${join(folder, 'bin/cli.js')} pipe ws://h/s a e --outbox ${box} < /dev/null`,
    )
    const { code, stderr } = await cli.ended
    expect(stderr).toContain(
      'UsageError: --outbox needs the package classic-level beside rx-phoenix: npm install classic-level',
    )
    expect(code).toBe(2)
  })

  it.each([
    ['--no-reply', ['--outbox', 'x', '--no-reply'], /--outbox waits for answers/],
    ['--at-most-once', ['--outbox', 'x', '--at-most-once'], /leave --at-most-once out/],
    ['--push-retries', ['--outbox', 'x', '--push-retries', '1'], /leave --push-retries out/],
    ['--line-key without --outbox', ['--line-key', 'id'], /--line-key is for --outbox/],
  ])('does not go with %s', async (_flag, flags, told) => {
    const { code, stderr } = await (await runCli(['pipe', 'ws://h/s', 'a', 'e', ...flags])).ended
    expect(stderr).toMatch(told)
    expect(code).toBe(2)
  })
})
