import { shownState } from '../inside/snapshot.ts'
import { type TraceEvent } from '../index.ts'
import { type Inside } from '../phoenix-socket.ts'

/** The present states of a socket as events of its trace, for a listener that comes later than they did. */
export const statesOf = ({ context, connections, topics }: Inside): readonly TraceEvent[] => {
  const atMs = context.settings.scheduler.now()
  return [
    ...connections.all
      .filter(({ state }) => state.status !== 'idle')
      .map(({ number, state }): TraceEvent => {
        // The numbers of the moment, and nothing that keeps a wire in memory.
        const shown = state.status === 'open' ? { ...state, connection: { ...state.connection } } : state
        return { type: 'connection', atMs, number, state: shown, cause: undefined }
      }),
    ...Array.from(topics.all(), ({ name, state, connection }): TraceEvent => ({
      type: 'channel',
      atMs,
      topic: name,
      connectionId: connection.state.status === 'open' ? connection.state.connection.id : undefined,
      state: shownState(state),
    })),
  ]
}
