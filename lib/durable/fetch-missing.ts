import { defer, map, type Observable, timeout } from 'rxjs'
import { type Invalid } from './feed-event.ts'
import { type FeedSettings, type Missing } from './feed-options.ts'
import { type PositionedMessage, readMessage } from './read-message.ts'

/** Runs a backfill. What it emits are payloads of the first event of the feed. */
export const fetchMissing = (
  settings: FeedSettings,
  backfill: (missing: Missing) => Observable<unknown>,
  missing: Missing,
): Observable<PositionedMessage | Invalid> => {
  const { events, backfillTimeoutMs: each, scheduler } = settings
  const [event = ''] = events
  return defer(() => backfill(missing)).pipe(
    timeout({ each, scheduler }),
    map((payload) => readMessage(settings, event, payload)),
  )
}
