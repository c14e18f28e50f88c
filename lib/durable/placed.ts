import { type Gap, type Invalid } from './feed-event.ts'
import { type Cursor, type Position } from './position.ts'
import { type Placeable } from './read-message.ts'

/** What the reply of a join says about the messages that follow. */
export interface Resumption {
  /** They follow the last one. */
  readonly resumed: boolean
  /** The server has said that it cannot resume. */
  readonly denied: boolean
  /** What comes follows this one. For a feed that has no position yet. */
  readonly start: Cursor | undefined
}

/** Where messages go when their turn has come. */
export interface Placed {
  deliver(placeable: Placeable): void
  aside(event: Gap | Invalid): void
  /** The server has named the position at which this feed begins. */
  begins(position: Position): void
  /** Nothing waits any more. */
  idle(): void
}
