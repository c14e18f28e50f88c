import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { capable } from '../connection/checks.ts'
import { optionsIn } from '../protocol/checked.ts'
import { describeEvent, type TraceLevel } from './describe-event.ts'
import { type Tracer, traceTo } from './trace-to.ts'

/** Where lines go: a part of `console`, or something like it. */
export type TraceSink = Pick<Console, 'error' | 'info' | 'debug'>

/** Options of `consoleTrace`. */
export interface ConsoleTraceOptions {
  /**
   * `error`: lost connections, failed attempts, joins and pushes, missed heartbeats, frames and payloads that cannot be
   * decoded. `info`, the default: also every transition, join and push. `frames`: everything.
   */
  readonly level?: TraceLevel
  /** Default: `console`. Errors go to its `error`, frames to its `debug`, the rest to its `info`. */
  readonly sink?: TraceSink
}

const LEVELS: readonly TraceLevel[] = ['error', 'info', 'frames']
const METHODS = { error: 'error', info: 'info', frames: 'debug' } as const

/**
 * A tracer, for the option `trace`, that prints a line for each event: the seconds since the first one, and what happened.
 * Payloads are printed in frames only, with credentials redacted; control characters are escaped. One tracer may serve
 * several sockets, whose lines then mix. Throws `InvalidArgument` for a level that does not exist, and a sink that cannot print.
 */
export const consoleTrace = (options: ConsoleTraceOptions = {}): Tracer => {
  const { level = 'info', sink = console } = optionsIn('options', options)
  capable('sink', sink, 'error', 'info', 'debug')
  const most = LEVELS.indexOf(level)
  if (DEV && most < 0) throw new InvalidArgument('level', level, `pass one of ${LEVELS.join(', ')}.`)
  let firstMs: number | undefined
  return traceTo((event) => {
    firstMs ??= event.atMs
    const line = describeEvent(event)
    if (LEVELS.indexOf(line.level) > most) return
    const seconds = ((event.atMs - firstMs) / 1000).toFixed(3).padStart(8)
    sink[METHODS[line.level]](`${seconds} ${line.text}`)
  })
}
