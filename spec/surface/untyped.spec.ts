import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/run-script.ts'
import { untyped } from './untyped.ts'

describe('the reports of the public types', () => {
  const reports = readdirSync(join(ROOT, 'etc')).filter((file) => file.endsWith('.api.md'))

  it.each(reports)('%s has no any', (file) => {
    const text = readFileSync(join(ROOT, 'etc', file), 'utf8')
    expect(text).toContain('```ts')
    expect(untyped(text)).toEqual([])
  })
})

describe('untyped', () => {
  it.each([
    'readonly builder?: MessageBuilder<S, any>;',
    'on(event: string): Observable<any>;',
    'const list: any[];',
    'type F = (...args: any) => void;',
  ])('finds %s', (line) => {
    expect(untyped(`a\n${line}\nb`)).toEqual([line])
  })

  it.each([
    'readonly state: State; /** if nobody is subscribed any more */',
    '// any comment',
    "readonly mode: 'any' | 'none';",
    'any?: string;',
    'export interface AnyContract {',
  ])('leaves %s alone', (line) => {
    expect(untyped(line)).toEqual([])
  })
})
