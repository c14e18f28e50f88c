import { filter, finalize, map, merge, type Observable, switchMap } from 'rxjs'
import { type PhoenixSocket } from 'rx-phoenix'

/** A GraphQL document and its variables. */
export interface Operation {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
}

/** What the server sends for one result of a subscription. */
interface SubscriptionData {
  readonly subscriptionId: string
  readonly result: unknown
}

/** The topic on which Absinthe takes documents. */
const CONTROL = '__absinthe__:control'

/** A query or a mutation: its result, `{ data }` or `{ errors }`, then complete. Errors with a `PushError`. */
export const graphql = (socket: PhoenixSocket, operation: Operation): Observable<unknown> =>
  socket.channel(CONTROL).push('doc', operation)

/**
 * The results of a subscription. Cold: each subscriber has a subscription of its own on the server, which ends with the
 * unsubscribe. It is made again after a reconnect, and errors with a `PushError` if the server refuses the document.
 */
export const graphqlSubscription = (socket: PhoenixSocket, operation: Operation): Observable<unknown> => {
  const control = socket.channel(CONTROL)
  return control.pipe(
    // switchMap: the server forgot the subscription of the former join.
    filter(({ status }) => status === 'joined'),
    switchMap(() => resultsOf(socket, operation)),
  )
}

const resultsOf = (socket: PhoenixSocket, operation: Operation): Observable<unknown> => {
  const control = socket.channel(CONTROL)
  let id: string | undefined
  const end = (): void => {
    // Sent if the channel is still joined; after a lost connection there is nothing to end.
    if (id !== undefined && control.state.status === 'joined')
      control.send('unsubscribe', { subscriptionId: id }).subscribe()
  }
  // The messages first: the first result may come in one packet with the reply that names its topic.
  return merge(
    socket.messages$.pipe(
      filter(({ event, topic }) => event === 'subscription:data' && topic === id),
      map(({ payload }) => (payload as SubscriptionData).result),
    ),
    control.push('doc', operation).pipe(
      map((reply) => {
        id = (reply as { readonly subscriptionId: string }).subscriptionId
      }),
      filter(() => false),
    ),
  ).pipe(finalize(end))
}
