import { DEV } from '../protocol/dev.ts'
import { TaggedError } from '../protocol/tagged-error.ts'
import { type Cursor } from './position.ts'

/**
 * A message has no usable position: its cursor is neither a text nor a finite number, its sequence number is no whole number,
 * or a function that was passed to the feed threw (`cause`).
 */
export class CursorInvalid extends TaggedError<'CursorInvalid'> {
  /** What the function returned; for `compare`, the cursor of the message. */
  declare readonly cursor: unknown

  constructor(facts: { name: 'cursor' | 'sequence' | 'compare'; cursor: unknown; cause?: unknown }) {
    const { name, cursor, cause } = facts
    super(
      'CursorInvalid',
      DEV &&
        `A message was set aside since ${name === 'compare' ? `its cursor ${JSON.stringify(cursor)} cannot be compared` : `its ${name} is ${cursor === undefined ? 'undefined' : typeof cursor}`}; ` +
          advice[name],
      { cursor, cause },
    )
  }
}

const advice = {
  cursor: 'return a text that is not empty, or a finite number.',
  sequence: 'return a whole number.',
  compare: 'see cause.',
} as const

/** The cursor of a message goes backwards: it comes before the last delivery, and was not delivered before. */
export class CursorBackwards extends TaggedError<'CursorBackwards'> {
  declare readonly cursor: Cursor
  /** The cursor of the last delivery. */
  declare readonly after: Cursor

  constructor(facts: { cursor: Cursor; after: Cursor }) {
    super(
      'CursorBackwards',
      DEV &&
        `A message was set aside since its cursor ${JSON.stringify(facts.cursor)} comes before ${JSON.stringify(facts.after)}; ` +
          'check the order in which the server sends, or leave out sequence and compare if it has none.',
      facts,
    )
  }
}

/** The file or key holds something else than a checkpoint. It is left untouched. */
export class CheckpointInvalid extends TaggedError<'CheckpointInvalid'> {
  /** The file or key. */
  declare readonly source: string

  constructor(facts: { source: string; reason: string }) {
    super(
      'CheckpointInvalid',
      DEV &&
        `${facts.source} holds no checkpoint: ${facts.reason}. It was left untouched; repair or remove it, or use another one.`,
      { source: facts.source },
    )
  }
}

/** Another process uses this checkpoint. */
export class CheckpointLocked extends TaggedError<'CheckpointLocked'> {
  declare readonly source: string
  /** The process that holds the lock, with its id and host. */
  declare readonly holder: string

  constructor(facts: { source: string; lock: string; holder: string }) {
    super(
      'CheckpointLocked',
      DEV &&
        `${facts.source} is in use by ${facts.holder}; give each process a checkpoint of its own, or remove ${facts.lock} if that process is gone.`,
      { source: facts.source, holder: facts.holder },
    )
  }
}

/** A checkpoint could not be loaded or saved; `cause` has the reason. */
export class CheckpointFailed extends TaggedError<'CheckpointFailed'> {
  declare readonly source: string
  declare readonly step: 'load' | 'save' | 'close'

  constructor(facts: { source: string; step: 'load' | 'save' | 'close'; cause: unknown }) {
    super(
      'CheckpointFailed',
      DEV &&
        `The ${facts.step} of ${facts.source} failed; see cause. Subscribe again when that is repaired: the feed continues after the last position that it knows.`,
      facts,
    )
  }
}

/** More messages wait than `readAhead` allows, and the feed has no way to ask for them again later. */
export class FeedOverflow extends TaggedError<'FeedOverflow'> {
  declare readonly waiting: number

  constructor(facts: { waiting: number }) {
    super(
      'FeedOverflow',
      DEV &&
        `${facts.waiting} messages wait for their handler; pass params or backfill so that the feed can pause, or raise readAhead or concurrency.`,
      facts,
    )
  }
}

/** A handler of `processWith` failed, and its policy has stopped. The position stays before this delivery. */
export class HandlerFailed extends TaggedError<'HandlerFailed'> {
  declare readonly cursor: Cursor
  /** How often the handler was called. */
  declare readonly attempts: number
  /**
   * `threw`: the handler threw when it was called. `failed`: its Promise rejected, or its Observable errored. `empty`: the
   * Observable completed without a value. `timeout`: it did not complete in time. `dead-letter`: `deadLetter` failed.
   */
  declare readonly reason: 'threw' | 'failed' | 'empty' | 'timeout' | 'dead-letter'

  constructor(facts: { cursor: Cursor; attempts: number; reason: HandlerFailed['reason']; cause?: unknown }) {
    super(
      'HandlerFailed',
      DEV && `The handler of ${JSON.stringify(facts.cursor)} ${ways[facts.reason]}`,
      facts,
    )
  }
}

const ways: Readonly<Record<HandlerFailed['reason'], string>> = {
  threw: 'threw; see cause, and pass deadLetter to continue without this message.',
  failed: 'failed; see cause, and pass deadLetter to continue without this message.',
  empty:
    'completed without a value, which looks like an early end; emit something, such as with endWith(undefined).',
  timeout: 'did not complete in time; make it complete, or raise timeoutMs.',
  'dead-letter': 'failed, and so did deadLetter; see cause.',
}
