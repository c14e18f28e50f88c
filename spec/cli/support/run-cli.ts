import { jest } from '@jest/globals'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { type Readable, type Writable } from 'node:stream'
import { follow, ROOT, type Running } from '../../support/run-script.ts'
import { builtCli } from './built-cli.ts'

// Each test starts processes, the first one builds the program, and machines are slow at times.
jest.setTimeout(60_000)

export interface RunningCli extends Running {
  readonly stdin: Writable
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
}

type Environment = Readonly<Record<string, string>>

/** Runs the built program, without a terminal. */
export const runCli = async (args: readonly string[], env: Environment = {}): Promise<RunningCli> =>
  start(process.execPath, [await builtCli(), ...args], env)

/** Runs a line of the shell in which `$CLI` is the built program. */
export const runShell = async (line: string, env: Environment = {}): Promise<RunningCli> =>
  start('bash', ['-c', line], { ...env, CLI: `${process.execPath} ${await builtCli()}` })

/**
 * Runs a line of the shell on a terminal, of 24 lines and 80 columns; what it shows comes as `stdout`, keys go to
 * `stdin`. `script` belongs to every Debian (bsdutils).
 */
export const runOnTerminal = async (line: string, env: Environment = {}): Promise<RunningCli> =>
  start('script', ['--quiet', '--return', '--command', `stty cols 80 rows 24; ${line}`, '/dev/null'], {
    TERM: 'xterm',
    ...env,
    CLI: `${process.execPath} ${await builtCli()}`,
  })

const start = (file: string, args: readonly string[], env: Environment): RunningCli => {
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // A program that ends before it has read everything is no failure of the test.
  child.stdin.on('error', () => undefined)
  return { ...follow(child), child, stdin: child.stdin }
}

/** The values of lines of JSON. */
export const lines = (stdout: string): readonly unknown[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
