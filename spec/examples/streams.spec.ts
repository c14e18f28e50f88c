import { fileURLToPath } from 'node:url'
import { recordingOf } from './recording-of.ts'
import { type Running, runScript } from '../support/run-script.ts'

/** Node starts anew for each run. */
const SLOW_MS = 60_000

const example = (name: string, ...args: readonly string[]): Running =>
  runScript(fileURLToPath(new URL(`../../examples/${name}/main.ts`, import.meta.url)), args)

describe('examples/sliding-windows', () => {
  it(
    'counts each event in its windows, or corrects them',
    async () => {
      const { code, stdout, stderr } = await example('sliding-windows').ended
      expect(stderr).toBe('')
      expect(stdout).toBe(recordingOf('sliding-windows'))
      expect(code).toBe(0)
    },
    SLOW_MS,
  )
})

describe('examples/absinthe', () => {
  it(
    'receives messages on topics that nobody joined, also after a reconnect',
    async () => {
      const { code, stdout, stderr } = await example('absinthe').ended
      expect(stderr).toBe('')
      expect(stdout).toBe(recordingOf('absinthe'))
      expect(code).toBe(0)
    },
    SLOW_MS,
  )
})

describe('examples/join-streams', () => {
  it(
    'ships what is paid, and tells of all that found nobody',
    async () => {
      const { code, stdout, stderr } = await example('join-streams').ended
      expect(stderr).toBe('')
      expect(stdout).toBe(recordingOf('join-streams'))
      expect(code).toBe(0)
    },
    SLOW_MS,
  )
})

describe('examples/paced-producer', () => {
  it(
    'keeps to its rate, and to the bytes that may wait',
    async () => {
      const { code, stdout, stderr } = await example('paced-producer').ended
      expect(stderr).toBe('')
      expect(stdout).toBe(recordingOf('paced-producer'))
      expect(code).toBe(0)
    },
    SLOW_MS,
  )
})

describe('examples/long-running', () => {
  it(
    'comes back with a fresh token whenever the old one is refused, and misses no tick',
    async () => {
      const { code, stdout, stderr } = await example('long-running').ended
      expect(stderr).toBe('')
      expect(stdout).toMatch(/^connecting\nopen\nready\n/)
      expect(stdout.match(/away: ConnectionRefused/g)).toHaveLength(3)
      expect(stdout).toMatch(
        /^30 ticks, 4 tokens, 3 refusals, the channel: Closed, Closed, Closed, Stopped$/m,
      )
      expect(code).toBe(0)
    },
    SLOW_MS,
  )

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves its channel and ends in order at %s',
    async (signal) => {
      const running = example('long-running', '--forever')
      await running.written(/^ready$/m)
      running.process.kill(signal)
      const { code, stdout, stderr } = await running.ended
      expect(stderr).toBe('')
      expect(stdout).toMatch(/^stopping$/m)
      // The server heard a leave, and did not merely lose the connection.
      expect(stdout).toMatch(/the channel: .*Left$/m)
      expect(code).toBe(0)
    },
    SLOW_MS,
  )
})
