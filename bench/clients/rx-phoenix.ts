import { filter, type Subscription, tap } from 'rxjs'
import { type Channel, type ChannelState, type Decoder, phoenixSocket, traceTo } from 'rx-phoenix'
import { type MakeBenchClient } from './bench-client.ts'

/** A decoder such as users write: looks at what it needs. */
const decode: Decoder<unknown> = (payload) =>
  typeof (payload as { n?: unknown } | null)?.n === 'number'
    ? { _tag: 'Right', right: payload }
    : { _tag: 'Left', left: 'n is no number' }

/** This library, as the README says, with its defaults. */
export const rxPhoenixClient: MakeBenchClient = ({ url, watchRejoins, besides }) => {
  const socket = phoenixSocket(url, besides === 'trace' ? { trace: traceTo(() => undefined) } : {})
  /** Of those that are pushed to: who only listens need not keep a handle. */
  const channels: Map<string, Channel> = new Map()
  const channelOf = (topic: string): Channel => {
    const found = channels.get(topic) ?? socket.channel(topic)
    channels.set(topic, found)
    return found
  }
  const everything: Subscription[] = []
  return {
    open: () =>
      new Promise((resolve) => {
        everything.push(
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
      const heard$ = besides === 'decode' && event === 'msg' ? channel.on(event, decode) : channel.on(event)
      everything.push(heard$.subscribe(heard))
      // No operators: they would cost as much as the channel does, and nobody else here has any.
      let states: Subscription | undefined = undefined
      const onState = ({ status }: ChannelState): void => {
        if (status !== 'joined') return
        joined()
        if (!watchRejoins) states?.unsubscribe()
      }
      states = channel.subscribe(onState)
      if (watchRejoins) everything.push(states)
      else if (channel.state.status === 'joined') states.unsubscribe()
    },
    push: (topic, event, payload, replied) => {
      channelOf(topic).push(event, payload).subscribe(replied)
    },
    send: (topic, event, payload = {}) => {
      channelOf(topic).send(event, payload).subscribe()
    },
    close: () => {
      for (const each of everything) each.unsubscribe()
    },
  }
}
