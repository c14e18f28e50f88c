import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A change of the text of one file. */
interface Change {
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** The folder of the project. */
export const ROOT: string = join(import.meta.dirname, '../..')

const COPIED = [
  'lib',
  'spec',
  'marble-tests',
  'examples',
  'docs',
  'README.md',
  'package.json',
  'tsconfig.json',
  'jest.config.js',
]

/** A copy of the project in which one file at a time is another. */
export interface Copy {
  readonly folder: string
  /** Puts a bug in. Throws if its text is not there exactly once. */
  mutate(change: Change): void
  /** Takes it out. */
  restore(change: Change): void
  remove(): void
}

export const copyOfProject = (): Copy => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-phoenix-mutant-'))
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  // As they were when the copy was made, whatever becomes of the project meanwhile.
  const pristine: Map<string, string> = new Map()
  const read = (file: string): string => {
    const source = pristine.get(file) ?? readFileSync(join(folder, file), 'utf8')
    pristine.set(file, source)
    return source
  }
  return {
    folder,
    mutate: ({ file, find, replace }) => {
      const source = read(file)
      if (occurrences(source, find) !== 1) throw new Error(`${file} must hold this once: ${find}`)
      writeFileSync(
        join(folder, file),
        source.replace(find, () => replace),
      )
    },
    restore: ({ file }) => {
      writeFileSync(join(folder, file), read(file))
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** How often a text holds another. */
export const occurrences = (source: string, text: string): number => source.split(text).length - 1
