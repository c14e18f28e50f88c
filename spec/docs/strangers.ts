import { existsSync } from 'node:fs'
import * as rxjs from 'rxjs'
import { dialects } from '../../lib/live-state/dialects.ts'
import * as protocolEvents from '../../lib/protocol/event.ts'
import { type OurNames } from './our-names.ts'
import { codeSpans, namesIn } from './page.ts'

/** What stands for what in the column "ours": `socket.ping()` has to be a member of PhoenixSocket. */
const subjects = {
  socket: 'PhoenixSocket',
  channel: 'Channel',
  present: 'Presences',
  live: 'LiveState',
  server: 'PhoenixServer',
  connection: 'ServerConnection',
} as const

/** What a name in the column "ours" may be, besides ours. */
const language = new Set([
  ...Object.keys(rxjs),
  ...Object.getOwnPropertyNames(rxjs.Observable.prototype),
  ...Object.getOwnPropertyNames(globalThis),
  ...Object.values(protocolEvents).filter((event) => typeof event === 'string'),
  ...Object.values(dialects)
    .flatMap((dialect) => Object.values({ ...dialect }))
    .flatMap(namesIn),
  ...Object.keys(subjects),
  ...'Either Left Right await const of new true false null undefined'.split(' '),
  ...'next error complete unsubscribe log length size get ms ws'.split(' '),
])

/** The pieces of code in a cell that name what is neither ours nor of the language, of RxJS or of the protocol. */
export const strangersIn = (
  cell: string,
  ours: OurNames,
  entries: Readonly<Record<string, unknown>>,
): readonly string[] =>
  codeSpans(cell).filter((code) => {
    if (code.startsWith('rx-phoenix '))
      return !existsSync(`${import.meta.dirname}/../../lib/cli/${code.split(' ')[1] ?? ''}/command.ts`)
    if (code.startsWith('rx-phoenix/')) return !(code.replace('rx-phoenix', '.') in entries)
    const strangers = namesIn(code).filter((name) => !ours.all.has(name) && !language.has(name))
    return strangers.length > 0 || !hasItsMember(code, ours)
  })

const hasItsMember = (code: string, ours: OurNames): boolean => {
  const [, subject, member = ''] = /^(\w+)\.([\w$]+)/.exec(code) ?? []
  if (subject === undefined || !(subject in subjects)) return true
  return ours.membersOf(subjects[subject as keyof typeof subjects]).has(member)
}
