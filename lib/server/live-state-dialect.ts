import { liveStateDiff } from './live-state-diff.ts'
import { isMap, type PatchOperation } from './patch-operation.ts'
import { seanceDiff } from './seance-diff.ts'

/** An event of the application, beside the state; `name` is without the prefix of the dialect. */
export interface LiveStateEvent {
  readonly name: string
  readonly detail: unknown
}

/** What is sent to the client: an event and its payload. */
export interface LiveStateMessage {
  readonly event: string
  readonly payload: unknown
}

/** How whole states, patches and events are named on the wire, and how states are compared. */
export interface LiveStateDialect {
  /** The prefix of the name of an event of the client. */
  readonly eventPrefix: string
  /** The event by which a client asks for the whole state, where there is one. */
  readonly refreshEvent: string | undefined
  readonly changeEvent: string
  readonly errorEvent: string
  /** Whether `init` may return this state. */
  isState(state: unknown): boolean
  diff(from: unknown, to: unknown): readonly PatchOperation[]
  patch(operations: readonly PatchOperation[], version: number): LiveStateMessage
  custom(event: LiveStateEvent): LiveStateMessage
}

/** LiveState (live_state 0.8.2). */
const liveState: LiveStateDialect = {
  eventPrefix: 'lvs_evt:',
  refreshEvent: 'lvs_refresh',
  changeEvent: 'state:change',
  errorEvent: 'error',
  isState: isMap,
  diff: liveStateDiff,
  patch: (patch, version) => ({ event: 'state:patch', payload: { patch, version } }),
  custom: ({ name, detail }) => ({ event: name, payload: detail }),
}

/** Seance 0.1.0. */
const seance: LiveStateDialect = {
  eventPrefix: 'seance:event:',
  refreshEvent: undefined,
  changeEvent: 'seance:change',
  errorEvent: 'seance:error',
  isState: () => true,
  diff: seanceDiff,
  patch: (operations, version) => ({ event: 'seance:patch', payload: { operations, version } }),
  custom: (event) => ({ event: 'seance:event', payload: event }),
}

export const dialects: Readonly<Record<'live-state' | 'seance', LiveStateDialect>> = {
  'live-state': liveState,
  seance,
}
