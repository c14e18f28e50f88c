import { type Action } from '@ngrx/store'
import { type PushError, toEither } from 'rx-phoenix'
import { concat, type Observable, of, switchMap } from 'rxjs'
import { type Post } from '../../../shared/contract.ts'
import { chatActions } from './chat.feature.ts'

const AGAIN_AT_MOST = 5

/**
 * A push as actions, which never errors: `delivered` or `failed`, and before that a `retrying` each time the line was lost
 * with the push on its way. Nobody knows then whether it arrived, so it goes again when the channel is joined; the
 * server takes a post with a known id once. The channel has left its joined state by then, so that this cannot spin.
 */
export const deliver = (
  push$: Observable<Post>,
  { room, id }: { readonly room: string; readonly id: string },
  again = AGAIN_AT_MOST,
): Observable<Action> =>
  toEither(push$).pipe(
    switchMap((result) => {
      if (result._tag === 'Right') return of(chatActions.delivered({ room, post: result.right }))
      const reason = reasonOf(result.left)
      return isUnknown(result.left) && again > 0
        ? concat(of(chatActions.retrying({ room, id, reason })), deliver(push$, { room, id }, again - 1))
        : of(chatActions.failed({ room, id, reason }))
    }),
  )

const isUnknown = (error: PushError): boolean =>
  error._tag === 'ConnectionLost' || error._tag === 'ChannelCrashed'

const reasonOf = (error: PushError): string => {
  switch (error._tag) {
    case 'PushRefused': {
      const { reason } = error.response as { readonly reason?: unknown }
      return typeof reason === 'string' ? reason : 'the server refused it'
    }
    case 'PushTimeout':
      return error.sent ? 'no answer in time' : 'no connection in time'
    case 'ConnectionLost':
      return 'connection lost'
    case 'ChannelCrashed':
      return 'the room had a hiccup'
    default:
      return 'it could not be sent'
  }
}
