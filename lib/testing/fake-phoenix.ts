import { defer, map, merge, mergeMap, NEVER, type Observable, of, Subject } from 'rxjs'
import { PHX_LEAVE } from '../protocol/event.ts'
import { type Frame, type Message } from '../protocol/message.ts'
import { type LinkEvent, type Transport, type TransportTarget } from '../transport/transport.ts'
import { closed, okTo } from './messages.ts'
import { readClientFrame, writeServerFrame } from './server-frames.ts'

/** What happens on one link: `open` once, then messages or raw frames of the server. An error ends the link. */
export type LinkScript = Observable<'open' | Message | { readonly raw: Frame }>

/** Options of `fakePhoenix`. */
export interface FakePhoenixOptions {
  /** The script of each link, counted from 0. Default: opens immediately and stays open. */
  readonly link?: (index: number, target: TransportTarget) => LinkScript
  /** What the server sends when a message comes. Default: `answerOk`. */
  readonly answer?: (message: Message, index: number) => Observable<Message>
}

/** A server without a network: a transport for `phoenixSocket`, and what the client sent. */
export interface FakePhoenix {
  readonly transport: Transport
  /** Every message of the client, decoded, on all links. Hot. */
  readonly sent$: Observable<Message>
  /** The same, all that has been sent so far. See `assertSent`. */
  readonly sent: readonly Message[]
  /** The target of every link that was opened or tried, in order. Hot. */
  readonly targets$: Observable<TransportTarget>
}

/** Stays open, and sends nothing unasked. */
export const openLink: LinkScript = merge(of('open' as const), NEVER)

/** Answers everything immediately with `ok`, as a channel that accepts everything; closes the channel after a leave. */
export const answerOk = (message: Message): Observable<Message> =>
  message.event === PHX_LEAVE
    ? of(okTo(message), closed(message.topic, message.joinRef ?? ''))
    : of(okTo(message))

/**
 * A fake Phoenix server that runs in virtual time: every message passes as a frame, both ways, each link
 * follows a script (a marble diagram), and each message of the client is answered by a function.
 */
export const fakePhoenix = ({
  link = () => openLink,
  answer = answerOk,
}: FakePhoenixOptions = {}): FakePhoenix => {
  const sent$ = new Subject<Message>()
  const sent: Message[] = []
  const targets$ = new Subject<TransportTarget>()
  let links = 0

  const open: Transport = (target) => {
    const index = links++
    const received$ = new Subject<Message>()
    const toFrame = (message: Message): LinkEvent => ({
      type: 'frame',
      frame: writeServerFrame(target.vsn, message),
    })
    const opened: LinkEvent = {
      type: 'open',
      link: {
        bufferedAmount: 0,
        send: (frame) => {
          const message = readClientFrame(target.vsn, frame)
          sent.push(message)
          sent$.next(message)
          received$.next(message)
        },
      },
    }
    return merge(
      received$.pipe(
        mergeMap((message) => answer(message, index)),
        map(toFrame),
      ),
      link(index, target).pipe(
        map((event): LinkEvent => {
          if (event === 'open') return opened
          return 'raw' in event ? { type: 'frame', frame: event.raw } : toFrame(event)
        }),
      ),
    )
  }

  return {
    sent$: sent$.asObservable(),
    sent,
    targets$: targets$.asObservable(),
    transport: (target) =>
      defer(() => {
        targets$.next(target)
        return open(target)
      }),
  }
}
