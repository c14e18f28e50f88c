import { filter, retry, Subscription, take } from 'rxjs'
import { webSocket, type WebSocketSubject } from 'rxjs/webSocket'
import { WebSocket } from 'ws'
import { type MakeBenchClient } from './bench-client.ts'
import { type Frame } from './frame.ts'

/** What RxJS users write by hand: `webSocket` of RxJS, and a `filter` for each topic and each reply. No timeouts. */
export const rxWebSocketClient: MakeBenchClient = ({ url }) => {
  const everything = new Subscription()
  const joins: Map<string, () => void> = new Map()
  let nextRef = 1
  let opened = (): void => undefined
  const frames$: WebSocketSubject<Frame> = webSocket<Frame>({
    url: `${url}/websocket?vsn=2.0.0`,
    WebSocketCtor: WebSocket as unknown as new (url: string) => globalThis.WebSocket,
    openObserver: {
      next: () => {
        opened()
        for (const join of joins.values()) join()
      },
    },
  })
  const answered$ = frames$.pipe(retry({ delay: 0 }))

  const request = (
    topic: string,
    event: string,
    payload: unknown,
    replied: (response: unknown) => void,
  ): void => {
    const ref = String(nextRef++)
    frames$
      .pipe(
        filter(([, answer, , name]) => name === 'phx_reply' && answer === ref),
        take(1),
      )
      .subscribe({
        next: ([, , , , reply]) => {
          replied((reply as { response: unknown }).response)
        },
        error: () => undefined,
      })
    frames$.next([ref, ref, topic, event, payload])
  }

  return {
    open: () =>
      new Promise((resolve) => {
        opened = resolve
        everything.add(answered$.subscribe())
      }),
    join: (topic, event, heard, joined) => {
      everything.add(
        answered$
          .pipe(filter(([, , itsTopic, itsEvent]) => itsTopic === topic && itsEvent === event))
          .subscribe(([, , , , payload]) => {
            heard(payload)
          }),
      )
      const join = (): void => {
        request(topic, 'phx_join', {}, joined)
      }
      joins.set(topic, join)
      join()
    },
    push: request,
    send: (topic, event, payload = {}) => {
      request(topic, event, payload, () => undefined)
    },
    close: () => {
      everything.unsubscribe()
    },
  }
}
