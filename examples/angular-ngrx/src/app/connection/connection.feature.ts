import { createActionGroup, createFeature, createReducer, emptyProps, on, props } from '@ngrx/store'
import { type ConnectionState } from 'rx-phoenix'

/** What the bar shows: plain data, since a store is no place for a connection. */
export interface ConnectionView {
  readonly status: ConnectionState['status']
  readonly attempt: number
  /** When the next try comes, by the clock of this machine. */
  readonly retryAtMs: number | undefined
  readonly reason: string | undefined
  readonly latencyMs: number | undefined
}

export const connectionActions = createActionGroup({
  source: 'Connection',
  events: {
    Changed: props<{ view: Omit<ConnectionView, 'latencyMs'> }>(),
    'Latency Measured': props<{ latencyMs: number }>(),
    'Retry Asked': emptyProps(),
  },
})

const initial: ConnectionView = {
  status: 'idle',
  attempt: 0,
  retryAtMs: undefined,
  reason: undefined,
  latencyMs: undefined,
}

export const connectionFeature = createFeature({
  name: 'connection',
  reducer: createReducer(
    initial,
    on(connectionActions.changed, (state, { view }): ConnectionView => ({
      ...view,
      latencyMs: view.status === 'open' ? state.latencyMs : undefined,
    })),
    on(connectionActions.latencyMeasured, (state, { latencyMs }) => ({ ...state, latencyMs })),
  ),
})
