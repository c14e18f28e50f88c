import { type PhoenixSocket, toEither } from 'rx-phoenix'
import { distinctUntilChanged, map, type Observable, scan, startWith } from 'rxjs'

/** What became of a line that was said. */
export type Outcome = 'sent' | 'muted' | 'unknown'

/** A room as the rest of an application sees it: the service that the specs beside this file test. */
export class Chat {
  /** The lines so far, from the subscription on. */
  readonly lines$: Observable<readonly string[]>
  /** Whether what is said goes out at once. */
  readonly online$: Observable<boolean>
  readonly #room

  constructor(socket: PhoenixSocket, topic: string) {
    this.#room = socket.channel<Room>(topic)
    this.online$ = this.#room.pipe(
      map(({ status }) => status === 'joined'),
      distinctUntilChanged(),
    )
    this.lines$ = this.#room.on('new_msg').pipe(
      scan((lines: readonly string[], { from, body }) => [...lines, `${from}: ${body}`], []),
      startWith([]),
    )
  }

  /** Says a line; never errors. */
  say(body: string): Observable<Outcome> {
    return toEither(this.#room.push('new_msg', { body })).pipe(
      map((result) => {
        if (result._tag === 'Right') return 'sent'
        return result.left._tag === 'PushRefused' ? 'muted' : 'unknown'
      }),
    )
  }
}

interface Room {
  events: { new_msg: { from: string; body: string } }
  pushes: { new_msg: { payload: { body: string }; reply: object } }
}
