import { filter, Subscription, tap } from 'rxjs'
import { type Channel, type ChannelState, type Decoder, phoenixSocket } from 'rx-phoenix'
import { type MakeBenchClient } from './bench-client.ts'

/** A decoder such as users write: looks at what it needs. */
const decode: Decoder<unknown> = (payload) =>
  typeof (payload as { n?: unknown } | null)?.n === 'number'
    ? { _tag: 'Right', right: payload }
    : { _tag: 'Left', left: 'n is no number' }

/** This library, as the README says, with its defaults. */
export const rxPhoenixClient: MakeBenchClient = ({ url, watchRejoins, besides }) => {
  const socket = phoenixSocket(url, besides === 'trace' ? { trace: () => undefined } : {})
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
      const heard$ = besides === 'decode' && event === 'msg' ? channel.on(event, decode) : channel.on(event)
      everything.add(heard$.subscribe(heard))
      // No operators: they would cost as much as the channel does, and nobody else here has any.
      let states: Subscription | undefined = undefined
      const onState = ({ status }: ChannelState): void => {
        if (status !== 'joined') return
        joined()
        if (!watchRejoins) states?.unsubscribe()
      }
      states = channel.subscribe(onState)
      // What ends by itself is not collected: a Subscription searches its list for each child that goes.
      if (watchRejoins) everything.add(states)
      else if (channel.state.status === 'joined') states.unsubscribe()
    },
    push: (topic, event, payload, replied) => {
      channels.get(topic)?.push(event, payload).subscribe(replied)
    },
    send: (topic, event, payload = {}) => {
      channels.get(topic)?.send(event, payload).subscribe()
    },
    close: () => {
      everything.unsubscribe()
    },
  }
}
