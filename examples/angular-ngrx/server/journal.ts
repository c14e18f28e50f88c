import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Post, type Todo } from '../shared/contract.ts'

export type Entry =
  | { readonly type: 'post'; readonly room: string; readonly post: Post }
  | { readonly type: 'todos'; readonly todos: readonly Todo[] }

export interface Journal {
  readonly entries: readonly Entry[]
  add(entry: Entry): void
}

/** Posts and todos, one a line: what was answered with "ok" is still there when the server was killed. */
export const journal = (file: string): Journal => {
  mkdirSync(dirname(file), { recursive: true })
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  return {
    entries: lines.flatMap(read),
    add: (entry) => appendFileSync(file, JSON.stringify(entry) + '\n'),
  }
}

/** A line that was cut off when the server was killed is none. */
const read = (line: string): readonly Entry[] => {
  try {
    return line === '' ? [] : [JSON.parse(line) as Entry]
  } catch {
    return []
  }
}
