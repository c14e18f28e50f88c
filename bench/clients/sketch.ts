import { Observable, type Subscriber, type Subscription } from 'rxjs'
import { bareConnection } from './bare-connection.ts'
import { type MakeBenchClient } from './bench-client.ts'

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
  const everything: Subscription[] = []
  let closed = false
  const { open, close, request, forget } = bareConnection({
    url,
    heard: (topic, event, payload) => {
      const subscribers = topics.get(topic)?.events.get(event)
      if (!subscribers) return
      const read = payload instanceof Uint8Array ? copyOf(payload) : payload
      for (const subscriber of subscribers) subscriber.next(read)
    },
    reopened: () => {
      for (const [topic, held] of topics) joinTopic(topic, held)
    },
  })

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
      return () => {
        forget(ref)
      }
    })

  return {
    open,
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
      close()
    },
  }
}

/** A value of its own, as users get it, and no view of a chunk of the socket. */
const copyOf = ({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBufferLike =>
  buffer.slice(byteOffset, byteOffset + byteLength)
