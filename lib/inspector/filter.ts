import { type Lane, type Mark } from './lane.ts'

/** Which lanes and marks are shown. Empty: all. */
export interface Filter {
  readonly topic: string
  readonly event: string
}

const holds = (text: string, part: string): boolean => text.toLowerCase().includes(part.trim().toLowerCase())

/** Connections are always shown; channels if their topic has the text. */
export const showsLane = ({ topic }: Filter, { kind, name }: Lane): boolean =>
  kind === 'connection' || holds(name, topic)

/** Failures are always shown; other marks if their event has the text. */
export const showsMark = ({ event }: Filter, { kind, label }: Mark): boolean =>
  kind === 'failure' || holds(label, event)
