import { type PatchOperation } from './json-diff.ts'

/** An event of the application, beside the state; `name` is without the prefix of the dialect. */
export interface LiveStateEvent {
  readonly name: string
  readonly detail: unknown
}

type WireEvent = readonly [event: string, payload: unknown]

/** How whole states, patches and events are named on the wire. */
export interface LiveStateDialect {
  /** What stands before the name of an event of the client. */
  readonly eventPrefix: string
  /** The event by which a client asks for the whole state, where there is one. */
  readonly refreshEvent: string | undefined
  readonly changeEvent: string
  readonly patchEvent: string
  readonly errorEvent: string
  /** Where the new items of a list stand among the operations; their sum is the same. */
  readonly newItems: 'first' | 'last'
  patch(operations: readonly PatchOperation[], version: number): unknown
  custom(event: LiveStateEvent): WireEvent
}

/** LiveState (live_state 0.8.2). */
const liveState: LiveStateDialect = {
  eventPrefix: 'lvs_evt:',
  refreshEvent: 'lvs_refresh',
  changeEvent: 'state:change',
  patchEvent: 'state:patch',
  errorEvent: 'error',
  newItems: 'last',
  patch: (patch, version) => ({ patch, version }),
  custom: ({ name, detail }) => [name, detail],
}

/** Seance 0.1.0. */
const seance: LiveStateDialect = {
  eventPrefix: 'seance:event:',
  refreshEvent: undefined,
  changeEvent: 'seance:change',
  patchEvent: 'seance:patch',
  errorEvent: 'seance:error',
  newItems: 'first',
  patch: (operations, version) => ({ operations, version }),
  custom: (event) => ['seance:event', event],
}

export const dialects: Readonly<Record<'live-state' | 'seance', LiveStateDialect>> = {
  'live-state': liveState,
  seance,
}
