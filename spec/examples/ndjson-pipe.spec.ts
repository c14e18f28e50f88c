import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { firstValueFrom, toArray } from 'rxjs'
import { pushLines } from '../../examples/ndjson-pipe/push-lines.ts'
import { phoenixSocket } from '../../lib/index.ts'
import { type ChannelDefinition, error, ok } from '../../lib/server/index.ts'
import { serverBench } from '../server/server-bench.ts'
import { type Ended, follow, ROOT } from '../support/run-script.ts'

const SLOW_MS = 60_000
const main = fileURLToPath(new URL('../../examples/ndjson-pipe/main.ts', import.meta.url))

/** Runs the program on some lines. */
const piped = (input: string, ...args: readonly string[]): Promise<Ended> => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=rx-phoenix-source', main, ...args],
    {
      cwd: ROOT,
      env: { ...process.env, CI: 'true', NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  child.stdin.end(input)
  return follow(child).ended
}

const log: ChannelDefinition = {
  join: (_params, { topic }) => (topic === 'log:closed' ? error({ reason: 'closed' }) : ok()),
  handleIn: {
    write: (payload) =>
      (payload as { n: number }).n < 0 ? error({ reason: 'negative' }) : ok({ wrote: payload }),
  },
}

describe('examples/ndjson-pipe', () => {
  const start = serverBench()
  const url = async (): Promise<string> => {
    const { server } = await start({ channels: { 'log:*': log } })
    return `${server.url}/socket`
  }

  it(
    'acknowledges each line, and writes dead letters for invalid JSON and refusals',
    async () => {
      const lines = ['{"n":1}', 'no JSON', '{"n":-1}', '{"n":2}']
      const { code, stdout, stderr } = await piped(lines.join('\n'), await url(), 'log:a', 'write')
      expect(stdout.trim().split('\n').sort()).toEqual([
        '{"line":1,"reply":{"wrote":{"n":1}}}',
        '{"line":4,"reply":{"wrote":{"n":2}}}',
      ])
      const dead = stderr
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly line: number; readonly text: string; reason: string })
      expect(dead.map(({ line, text }) => [line, text]).sort()).toEqual([
        [2, 'no JSON'],
        [3, '{"n":-1}'],
      ])
      expect(dead.map(({ reason }) => reason).join()).toContain('negative')
      expect(code).toBe(5)
    },
    SLOW_MS,
  )

  it(
    'ends immediately when the join is refused, and reports why',
    async () => {
      const { code, stdout, stderr } = await piped('{"n":1}\n', await url(), 'log:closed', 'write')
      expect(stdout).toBe('')
      expect(stderr).toContain('refused the join of "log:closed": closed')
      expect(code).toBe(4)
    },
    SLOW_MS,
  )

  it(
    'ends with 0 for no lines at all, and with 2 for a wrong call',
    async () => {
      expect(await piped('', await url(), 'log:a', 'write')).toEqual({ code: 0, stdout: '', stderr: '' })
      expect((await piped('')).code).toBe(2)
    },
    SLOW_MS,
  )
})

describe('pushLines', () => {
  const start = serverBench()

  /** So many lines, and how many of them have been taken. */
  const counted = (total: number) => {
    let taken = 0
    const lines = {
      next: (): Promise<IteratorResult<string, undefined>> => {
        if (taken === total) return Promise.resolve({ done: true, value: undefined })
        taken += 1
        return Promise.resolve({ done: false, value: `{"n":${taken}}` })
      },
    }
    return { lines, taken: () => taken }
  }

  it('takes no line before there is room for it', async () => {
    const ahead: number[] = []
    let answered = 0
    const input = counted(50)
    const { server } = await start({
      channels: {
        log: {
          handleIn: () => {
            ahead.push(input.taken() - answered)
            answered += 1
            return ok()
          },
        },
      },
    })
    const channel = phoenixSocket(`${server.url}/socket`).channel('log', { lingerMs: 1_000 })
    const outcomes = await firstValueFrom(pushLines(input.lines, channel, 'write', 4).pipe(toArray()))
    expect(outcomes).toHaveLength(50)
    expect(Math.max(...ahead)).toBeLessThanOrEqual(8)
  })

  it('retries a push that was lost', async () => {
    let seen = 0
    const { server } = await start({
      id: () => 'all',
      channels: {
        log: {
          handleIn: () => {
            seen += 1
            if (seen > 1) return ok({ seen })
            server.disconnect('all')
            return undefined
          },
        },
      },
    })
    const channel = phoenixSocket(`${server.url}/socket`).channel('log')
    expect(await firstValueFrom(pushLines(counted(1).lines, channel, 'write', 1))).toEqual({
      type: 'acknowledged',
      line: 1,
      reply: { seen: 2 },
    })
  })
})
