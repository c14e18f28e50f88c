import { Observable, type Subscriber, type Subscription } from 'rxjs'
import { WebSocket } from 'ws'
import { type MakeBenchClient } from './bench-client.ts'

type Frame = readonly [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: unknown,
]

/** A topic that somebody holds. */
class Held {
  joinRef = ''
  users = 0
  states: readonly Subscriber<'joined'>[] = []
  readonly events: Map<string, readonly Subscriber<unknown>[]> = new Map()
}

/**
 * What RxJS itself costs: `raw`, with a cold Observable for each channel that joins on subscribe and leaves on
 * unsubscribe, for each event and for each push. It has no timeouts, no options, no limits, no checks, no trace and no
 * error paths. What a client of Observables needs besides is what it does for its users.
 */
export const sketchClient: MakeBenchClient = ({ url, watchRejoins }) => {
  const topics: Map<string, Held> = new Map()
  const replies: Map<string, (response: unknown) => void> = new Map()
  const everything: Subscription[] = []
  let nextRef = 1
  let closed = false
  let ws: WebSocket

  const request = (
    joinRef: string | undefined,
    topic: string,
    event: string,
    payload: unknown,
    replied: (response: unknown) => void,
  ): string => {
    const ref = String(nextRef++)
    replies.set(ref, replied)
    ws.send(JSON.stringify([joinRef ?? ref, ref, topic, event, payload]))
    return ref
  }

  const joinTopic = (topic: string, held: Held): void => {
    held.joinRef = request(undefined, topic, 'phx_join', {}, () => {
      for (const subscriber of held.states) subscriber.next('joined')
    })
  }

  const hold = <A>(
    topic: string,
    attach: (held: Held, subscriber: Subscriber<A>) => () => void,
  ): Observable<A> =>
    new Observable((subscriber) => {
      const found = topics.get(topic)
      const held = found ?? new Held()
      held.users += 1
      const remove = attach(held, subscriber)
      if (!found) {
        topics.set(topic, held)
        joinTopic(topic, held)
      }
      return () => {
        remove()
        held.users -= 1
        if (held.users > 0) return
        topics.delete(topic)
        if (!closed) request(held.joinRef, topic, 'phx_leave', {}, () => undefined)
      }
    })

  const states = (topic: string): Observable<'joined'> =>
    hold(topic, (held, subscriber) => {
      held.states = [...held.states, subscriber]
      return () => {
        held.states = held.states.filter((each) => each !== subscriber)
      }
    })

  const on = (topic: string, event: string): Observable<unknown> =>
    hold(topic, (held, subscriber) => {
      held.events.set(event, [...(held.events.get(event) ?? []), subscriber])
      return () => {
        held.events.set(
          event,
          (held.events.get(event) ?? []).filter((each) => each !== subscriber),
        )
      }
    })

  const push = (topic: string, event: string, payload: unknown): Observable<unknown> =>
    new Observable((subscriber) => {
      const ref = request(topics.get(topic)?.joinRef, topic, event, payload, (response) => {
        subscriber.next(response)
        subscriber.complete()
      })
      return () => replies.delete(ref)
    })

  const dispatch = (topic: string, event: string, payload: unknown): void => {
    for (const subscriber of topics.get(topic)?.events.get(event) ?? []) subscriber.next(payload)
  }

  const receive = (data: Buffer, isBinary: boolean): void => {
    if (isBinary) {
      const topicEnd = 3 + (data[1] ?? 0)
      const eventEnd = topicEnd + (data[2] ?? 0)
      const start = data.byteOffset + eventEnd
      // A value of its own, as users get it, and no view of a chunk of the socket.
      const payload = data.buffer.slice(start, data.byteOffset + data.byteLength)
      dispatch(data.toString('latin1', 3, topicEnd), data.toString('latin1', topicEnd, eventEnd), payload)
      return
    }
    const [, ref, topic, event, payload] = JSON.parse(data.toString()) as Frame
    if (event === 'phx_reply' && ref !== null) {
      const replied = replies.get(ref)
      replies.delete(ref)
      replied?.((payload as { response: unknown }).response)
    } else dispatch(topic, event, payload)
  }

  const connect = (opened: () => void): void => {
    ws = new WebSocket(`${url}/websocket?vsn=2.0.0`, { perMessageDeflate: false })
    ws.on('open', opened)
    ws.on('message', receive)
    ws.on('error', () => undefined)
    ws.on('close', () => {
      if (closed) return
      connect(() => {
        for (const [topic, held] of topics) joinTopic(topic, held)
      })
    })
  }

  return {
    open: () =>
      new Promise((resolve) => {
        connect(resolve)
      }),
    join: (topic, event, heard, joined) => {
      everything.push(on(topic, event).subscribe(heard))
      const joins = states(topic).subscribe(() => {
        joined()
        if (!watchRejoins) joins.unsubscribe()
      })
      if (watchRejoins) everything.push(joins)
    },
    push: (topic, event, payload, replied) => {
      push(topic, event, payload).subscribe(replied)
    },
    send: (topic, event, payload = {}) => {
      push(topic, event, payload).subscribe()
    },
    close: () => {
      closed = true
      for (const each of everything) each.unsubscribe()
      ws.close(1000)
    },
  }
}
