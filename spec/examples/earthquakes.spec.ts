import { readFileSync } from 'node:fs'
import { type ChannelDefinition, phoenixServer, stop } from '../../lib/server/index.ts'
import { runEarthquakes } from '../support/run-earthquakes.ts'
import { type Ended } from '../support/run-script.ts'

interface Line {
  readonly id: string
  readonly mag: number
}

const lines = readFileSync(
  new URL('../../examples/earthquakes/data/earthquakes.ndjson', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line)
const events = lines.length.toLocaleString('en-US')
const alerts = lines.filter(({ mag }) => mag >= 5).length

/** Node starts anew for each run. */
const SLOW_MS = 60_000

describe('npm start', () => {
  let ended: Ended

  beforeAll(async () => {
    ended = await runEarthquakes('--seconds', '1', '--away', '200').ended
  }, SLOW_MS)

  it('ends by itself with exit code 0', () => {
    expect(ended.code).toBe(0)
  })

  it('counted every event of the data file once', () => {
    expect(ended.stdout).toContain(`events   ${events}, each once, ${events} in the data`)
  })

  it('raised every alert once', () => {
    expect(ended.stdout).toContain(`alerts   ${alerts}, each once, ${alerts} in the data`)
  })

  it('was cut and killed while an alert was on its way, so that pushes came again', () => {
    for (const trouble of ['cut    ', 'kill -9'])
      expect(ended.stdout).toMatch(
        new RegExp(
          `^${trouble}  the next event was counted after [\\d,]+ ms; [1-9]\\d* push(es)? came again and changed nothing$`,
          'm',
        ),
      )
  })

  it('has days that add up to all events', () => {
    const days = [...ended.stdout.matchAll(/^\d{4}-\d\d-\d\d +(\d+) /gm)].map(([, count]) => Number(count))
    expect(days).toHaveLength(8)
    expect(days.reduce((sum, count) => sum + count)).toBe(lines.length)
  })

  it('shows the states as they pass, as plain lines where there is no terminal', () => {
    const states = [...ended.stderr.matchAll(/^[\d.]+ s {2}(\w+) +(.*)$/gm)].map(
      ([, of, text]) => `${of} ${text}`,
    )
    const expected = [
      /^socket connecting$/,
      /^socket open$/,
      /^feed joined$/,
      /^server goes away/,
      /^socket waiting .* 1006/,
      /^socket open$/,
      /^job is killed: kill -9/,
      /^socket connecting$/, // of the process that takes over
      /^feed joined$/,
      /^feed closed$/,
    ]
    const found = states.reduce((i, state) => (expected[i]?.test(state) ? i + 1 : i), 0)
    expect(expected[found]).toBeUndefined()
    expect(ended.stderr).not.toContain('\u001b')
  })
})

describe('npm start, when something is wrong', () => {
  it(
    'ends with exit code 1 and says what is missing, when the feed leaves events out',
    async () => {
      const { code, stdout } = await runEarthquakes('--seconds', '1', '--away', '50', '--drop', '100').ended
      expect(code).toBe(1)
      expect(stdout).toContain('WRONG:')
      expect(stdout).toContain(
        `events counted: ${Math.floor(lines.length / 100)} missing (${lines[99]?.id ?? ''}, `,
      )
      expect(stdout).not.toContain('OK')
    },
    SLOW_MS,
  )

  it(
    'ends with exit code 130 and claims nothing, when it is interrupted',
    async () => {
      const running = runEarthquakes()
      await running.written(/feed +joined/)
      running.process.kill('SIGINT')
      const { code, stdout, stderr } = await running.ended
      expect(code).toBe(130)
      expect(stdout).toBe('')
      expect(stderr).toContain('Stopped before the end')
    },
    SLOW_MS,
  )

  it.each([
    ['an unknown option', ['--speed', '9'], /Unknown option '--speed'/],
    ['a url without a topic', ['--url', 'ws://127.0.0.1:9/socket'], /--url needs --topic/],
  ])(
    'ends with exit code 2 and says why, for %s',
    async (_, args, message) => {
      const { code, stdout, stderr } = await runEarthquakes(...args).ended
      expect(code).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toMatch(message)
    },
    SLOW_MS,
  )
})

describe('npm start -- --url … --topic …', () => {
  const chatty: ChannelDefinition = {
    join: (_params, channel) => {
      channel.send('begin')
    },
    handleInfo: (_message, channel) => {
      for (const n of [1, 2]) channel.push('count', { n })
      channel.push('other', {})
      return channel.topic === 'short:a' ? stop('normal') : undefined
    },
  }

  const listening = async (
    args: readonly string[],
    until: (running: ReturnType<typeof runEarthquakes>) => Promise<void> = () => Promise.resolve(),
  ): Promise<Ended> => {
    const server = await phoenixServer({
      sockets: { '/socket': { channels: { 'short:*': chatty, 'long:*': chatty } } },
    })
    try {
      const running = runEarthquakes('--url', `${server.url}/socket`, ...args)
      await until(running)
      return await running.ended
    } finally {
      await server.close()
    }
  }

  it(
    'prints every message as a line of JSON, and ends with the channel',
    async () => {
      const { code, stdout, stderr } = await listening(['--topic', 'short:a'])
      expect(
        stdout
          .trim()
          .split('\n')
          .map((line): unknown => JSON.parse(line)),
      ).toEqual([
        { event: 'count', payload: { n: 1 } },
        { event: 'count', payload: { n: 2 } },
        { event: 'other', payload: {} },
      ])
      expect(stderr).toContain('short:a  closed')
      expect(code).toBe(0)
    },
    SLOW_MS,
  )

  it(
    'prints the payloads of one event, until Ctrl-C',
    async () => {
      const { code, stdout, stderr } = await listening(
        ['--topic', 'long:a', '--event', 'count'],
        async (running) => {
          await running.written(/"n":2/)
          running.process.kill('SIGINT')
        },
      )
      expect(stdout).toBe('{"n":1}\n{"n":2}\n')
      expect(stderr).toContain('2 messages')
      expect(code).toBe(0)
    },
    SLOW_MS,
  )

  it(
    'ends with exit code 1 and the error, when it is not let in',
    async () => {
      const { code, stderr } = await listening(['--topic', 'nowhere'])
      expect(stderr).toContain('JoinRefused: The server refused the join of "nowhere"')
      expect(code).toBe(1)
    },
    SLOW_MS,
  )
})
