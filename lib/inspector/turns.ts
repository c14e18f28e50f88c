import { type Lane } from './lane.ts'

/** A moment at which a channel lost its join, or had it again. */
export interface Turn {
  /** The channel crashed, the connection was lost, the channel was joined again, or the server closed it. */
  readonly type: 'crash' | 'drop' | 'rejoin' | 'close'
  readonly atMs: number
}

const ENDS: Readonly<Record<string, Turn['type']>> = { errored: 'crash', waiting: 'drop', closed: 'close' }

/** The turns of a channel between two moments, both included, from the states of its lane. */
export const turnsBetween = ({ spans }: Lane, fromMs: number, toMs: number): readonly Turn[] => {
  const all = [...spans]
  return all.flatMap(({ status, fromMs: atMs }, index): Turn[] => {
    if (index === 0 || atMs < fromMs || atMs > toMs) return []
    if (status === 'joined') return [{ type: 'rejoin', atMs }]
    const end = all[index - 1]?.status === 'joined' ? ENDS[status] : undefined
    return end ? [{ type: end, atMs }] : []
  })
}
