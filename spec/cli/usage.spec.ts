import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/run-script.ts'
import { runCli, runShell } from './support/run-cli.ts'
import { channel } from '../../lib/server/index.ts'
import { closeServers, serve } from './support/server.ts'

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }

afterEach(closeServers)

const MOUNT = 'ws://localhost:1/socket'

describe('rx-phoenix', () => {
  it('prints its version and usage on standard output', async () => {
    const told = await (await runCli(['--version'])).ended
    expect(told).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    const help = await (await runCli(['--help'])).ended
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain('Exit codes:')
    const one = await (await runCli(['tail', '--help'])).ended
    expect(one).toMatchObject({ code: 0, stderr: '' })
    expect(one.stdout).toContain('Examples:')
  })

  it.each([
    ['a command that does not exist', ['tial', MOUNT], /unknown command 'tial'/],
    ['no command', [], /Usage: rx-phoenix/],
    ['a topic that is missing', ['tail', MOUNT], /missing required argument 'topic'/],
    [
      'a flag that does not exist',
      ['tail', MOUNT, 'a', '--evnt', 'x'],
      /Did you mean --event.*\n+See --help/,
    ],
    ['invalid JSON', ['tail', MOUNT, 'a', '--params', '{"password":"hush"'], /--params is not JSON/],
    [
      'params that are no object',
      ['tail', MOUNT, 'a', '--join-params', '[1]'],
      /--join-params must be a JSON object/,
    ],
    ['an invalid pair', ['tail', MOUNT, 'a', '--header', 'hush'], /--header takes NAME=VALUE/],
    ['an invalid number', ['tail', MOUNT, 'a', '--timeout', 'x'], /--timeout is a number of at least 0.001/],
    ['an invalid cursor', ['tail', MOUNT, 'a', '--since', '[1]'], /--since takes the cursor/],
    ['a variable that is not set', ['tail', MOUNT, 'a', '--token-env', 'NO_SUCH'], /NO_SUCH is not set/],
    ['a URL that cannot work', ['tail', 'localhost?hush', 'a'], /The URL is .*must be absolute/],
    ['a payload that is not JSON', ['push', MOUNT, 'a', 'e', 'hush'], /^UsageError: The payload is not JSON/],
    ['a URL that is a file', ['inspect', 'session.ndjson'], /for a recorded session add --output page.html/],
    [
      'a session that does not exist',
      ['inspect', '/no/such', '-o', 'page.html'],
      /The session cannot be read/,
    ],
    ['a session with topics', ['inspect', '/no/such', 'a', '-o', 'page.html'], /no topics/],
    ['a file that does not exist', ['push', MOUNT, 'a', 'e', '--ca', '/no/such.pem'], /--ca/],
  ])('exits with 2 for %s, and repeats no secret', async (_what, args, told) => {
    const { code, stdout, stderr } = await (await runCli(args)).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(told)
    expect(stderr).not.toContain('hush')
  })

  describe('into a pipe whose reader has gone', () => {
    // Its reader ends before the program has written anything.
    const piped = (args: string, redirect = ''): string =>
      `{ sleep 0.2; $CLI ${args} ${redirect}; echo "$?" >&3; } 3>&2 | true`

    it.each([
      ['--help', '--help', 0],
      ['the help of a command', 'tail --help', 0],
      ['--version', '--version', 0],
      ['help', 'help pipe', 0],
    ])('prints %s quietly', async (_what, args, expected) => {
      expect(await (await runShell(piped(args))).ended).toMatchObject({ stderr: `${expected}\n` })
    })

    it.each([
      ['an unknown flag', 'tail a b --evnt', 2],
      ['an unknown command', 'tial', 2],
      ['no command', '', 2],
      ['a value that is wrong', 'tail ws://h/s a --timeout x', 2],
      ['an invalid URL', 'tail localhost a', 2],
    ])('says quietly that there is %s', async (_what, args, expected) => {
      expect(await (await runShell(piped(args, '2>&1'))).ended).toMatchObject({ stderr: `${expected}\n` })
    })

    it('reports a disk that is full in one line', async () => {
      const { code, stderr } = await (await runShell('$CLI --help > /dev/full')).ended
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'Standard output: ENOSPC: no space left on device, write\n',
      })
    })

    it('ends a command whose states and data share the pipe, though no data comes', async () => {
      const { url } = await serve({ 'room:*': channel({}) })
      const line = `{ sleep 0.2; $CLI tail ${url} room:a 2>&1; echo "$?" >&3; } 3>&2 | true`
      expect(await (await runShell(line)).ended).toMatchObject({ stderr: '0\n' })
    })
  })
})
