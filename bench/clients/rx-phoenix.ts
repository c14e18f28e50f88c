import { filter, Subscription, take, tap } from 'rxjs'
import { type Channel, phoenixSocket } from 'rx-phoenix'
import { type MakeBenchClient } from './bench-client.ts'

/** This library, as the README says, with its defaults. */
export const rxPhoenixClient: MakeBenchClient = ({ url, watchRejoins }) => {
  const socket = phoenixSocket(url)
  const channels: Map<string, Channel> = new Map()
  const everything = new Subscription()
  return {
    open: () =>
      new Promise((resolve) => {
        everything.add(
          socket
            .pipe(
              filter(({ status }) => status === 'open'),
              tap(() => {
                resolve()
              }),
            )
            .subscribe(),
        )
      }),
    join: (topic, event, heard, joined) => {
      const channel = socket.channel(topic)
      channels.set(topic, channel)
      everything.add(channel.on(event).subscribe(heard))
      const joins$ = channel.pipe(filter(({ status }) => status === 'joined'))
      // What ends by itself is not collected: a Subscription searches its list for each child that goes.
      if (watchRejoins) everything.add(joins$.subscribe(joined))
      else joins$.pipe(take(1)).subscribe(joined)
    },
    push: (topic, event, payload, replied) => {
      channels.get(topic)?.push(event, payload).subscribe(replied)
    },
    send: (topic, event) => {
      channels.get(topic)?.send(event).subscribe()
    },
    close: () => {
      everything.unsubscribe()
    },
  }
}
