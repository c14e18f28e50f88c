import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/run-script.ts'
import { runCli } from './support/run-cli.ts'

const text = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')

describe('docs/cli.md', () => {
  it('lists every command, and no other', async () => {
    const { stdout } = await (await runCli(['--help'])).ended
    const commands = [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}(\w+) /gm)].map(
      ([, name]) => name,
    )
    const told = [...(text.split('What holds')[0] ?? '').matchAll(/\[`(\w+)`\]/g)].map(([, name]) => name)
    expect([...told, 'help'].sort()).toEqual(commands.sort())
  })

  it('uses flags that exist, and lists the exit codes of the program', async () => {
    const flags = new Set([...text.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag))
    const helps = await Promise.all(
      ['', 'tail', 'push', 'pipe', 'presence', 'state', 'record', 'replay', 'inspect', 'serve', 'doctor'].map(
        async (command) =>
          (await (await runCli([...(command === '' ? [] : [command]), '--help'])).ended).stdout,
      ),
    )
    const known = helps.join('\n')
    expect([...flags].filter((flag) => !new RegExp(`${flag}(?![a-z-])`).test(known))).toEqual([])
    for (const [, code] of (helps[0] ?? '').matchAll(/(\d+) (?:done|failed|wrong|not)/g))
      expect(text).toMatch(new RegExp(`^\\| ${String(code)} \\|`, 'm'))
  })
})
