import { type PresenceState } from '../../index.ts'
import { printable } from '../status.ts'

export interface TableFacts {
  readonly topic: string
  readonly state: PresenceState
  /** The state of the channel, in words. */
  readonly described: string
  readonly columns: number
  readonly rows: number
}

/** The lines of a table: keys, their number of metas, and the last meta. At most a screenful. */
export const table = ({ topic, state, described, columns, rows }: TableFacts): readonly string[] => {
  // The cursor needs a separate line below the table, and one column, or the terminal would wrap.
  const room = Math.max(1, rows - 3)
  const width = Math.max(20, columns - 1)
  const people = [...state].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const shown = people.length > room ? people.slice(0, room - 1) : people
  const keyWidth = Math.min(32, Math.max(3, ...shown.map(([key]) => printable(key).length)))
  const lines = shown.map(([key, { metas }]) => {
    const last = Object.fromEntries(
      Object.entries(metas.at(-1) ?? {}).filter(([field]) => !field.startsWith('phx_ref')),
    )
    return row(key, `${metas.length}`, JSON.stringify(last), keyWidth)
  })
  const hidden = people.length - shown.length
  return [
    `${topic}: ${described}, ${people.length} here`,
    row('KEY', 'METAS', 'LAST META', keyWidth),
    ...lines,
    ...(hidden > 0 ? [`… and ${hidden} more`] : []),
  ].map((line) => printable(line).slice(0, width))
}

const row = (key: string, metas: string, last: string, keyWidth: number): string =>
  `${key.slice(0, keyWidth).padEnd(keyWidth)}  ${metas.padStart(5)}  ${last}`
