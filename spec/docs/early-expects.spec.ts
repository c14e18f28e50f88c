import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { earlyExpects } from './early-expects.ts'

const root = join(import.meta.dirname, '../..')

const testOf = (body: string): string => `it('does', () => {\n  run(({ flush, cold }) => {\n${body}\n  })\n})`

describe('a marble test', () => {
  it.each([
    ['expects something of a state', "expect(socket.state.status).toBe('idle')"],
    ['expects something of what it collects', 'expect(seen).toEqual([])'],
    ['samples a state', "expectObservable(of(socket.state)).toBe('(i|)')"],
    ['keeps a state', 'const { status } = socket.state'],
  ])('is found if it %s before virtual time begins', (_what, line) => {
    expect(earlyExpects('a.ts', testOf(line))).toEqual(['a.ts:3'])
  })

  it.each([
    ['in virtual time', "expectObservable(cold('-x').pipe(map(() => socket.state))).toBe('-i')"],
    ['in a turn of the scheduler', 'scheduler.schedule(() => { expect(socket.state).toEqual(idle) }, 9)'],
    ['behind flush', 'flush()\nexpect(socket.state).toEqual(idle)'],
    ['at the call that throws', "expect(() => socket.channel('')).toThrow()"],
  ])('may expect something %s', (_when, line) => {
    expect(earlyExpects('a.ts', testOf(line))).toEqual([])
  })

  it('expects nothing before its virtual time begins, in all of this project', () => {
    const files = ['marble-tests', 'spec', 'examples'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((name) => name.endsWith('.ts') && !name.includes('node_modules')),
    )
    expect(files.length).toBeGreaterThan(300)
    expect(files.flatMap((file) => earlyExpects(file, readFileSync(join(root, file), 'utf8')))).toEqual([])
  })
})
