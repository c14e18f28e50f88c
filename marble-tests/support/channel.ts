import { map, merge, type Observable, of } from 'rxjs'
import {
  type ChannelState,
  ConnectionClosed,
  type Message,
  type PhoenixSocket,
  phoenixSocket,
  type SocketOptions,
} from '../../lib/index.ts'
import {
  answerBy,
  errorTo,
  type FakePhoenix,
  fakePhoenix,
  type FakePhoenixOptions,
  okTo,
  type LinkScript,
  openLink,
} from '../../lib/testing/index.ts'

/** A socket on a fake server. Every wait of its policies is 3 ms, and it sends no heartbeats. */
export const socketOn = (
  fake: FakePhoenixOptions = {},
  options: SocketOptions = {},
): { readonly socket: PhoenixSocket; readonly server: FakePhoenix; readonly sent$: Observable<string> } => {
  const server = fakePhoenix(fake)
  const socket = phoenixSocket('ws://localhost/socket', {
    transport: server.transport,
    heartbeatIntervalMs: 0,
    reconnect: () => 3,
    rejoin: () => 3,
    ...options,
  })
  return { socket, server, sent$: server.sent$.pipe(map(kind)) }
}

/** What the client sent, in a letter: a join `J`, a leave `L`; any other event by its name. */
export const kind = ({ event }: Message): string =>
  event === 'phx_join' ? 'J' : event === 'phx_leave' ? 'L' : event

/** A state in a letter: as in `letters`, and `R` for a channel that is joined again. */
export const letter = (state: ChannelState): string => {
  switch (state.status) {
    case 'idle':
      return 'i'
    case 'waiting':
      return 'w'
    case 'joining':
      return 'j'
    case 'joined':
      return state.rejoined ? 'R' : 'J'
    case 'errored':
      return 'e'
    case 'closed':
      return 'x'
  }
}

type Answer = ReturnType<typeof answerBy>

/** Answers by event, so many ms later: `ok` unless told otherwise. */
export const answers = (byEvent: Parameters<typeof answerBy>[0] = {}, ms = 0): Answer => answerBy(byEvent, ms)

export const ok =
  (response?: unknown): Answer =>
  (message) =>
    of(okTo(message, response))

export const refuse =
  (reason: string): Answer =>
  (message) =>
    of(errorTo(message, { reason }))

/** Answers one after the other; the last one serves for all that follow. */
export const inTurn = (...all: [Answer, ...Answer[]]): Answer => {
  let messages = 0
  return (message, link) => (all[messages++] ?? all.at(-1) ?? all[0])(message, link)
}

/** A link that opens immediately, and what the server sends unasked. */
export const saying = (messages$: Observable<Message>): LinkScript => merge(openLink, messages$)

/** The end of a link that nobody asked for. */
export const cut = (): ConnectionClosed => new ConnectionClosed({ code: 1006, reason: '', wasClean: false })

/** Matches an error by its tag and fields. */
export const errorLike = (_tag: string, fields: object = {}): unknown =>
  expect.objectContaining({ _tag, ...fields })
