import { noop, Observable } from 'rxjs'
import { phoenixServer, type PhoenixServer, type ServerOptions, type ServerTrace } from '../server/index.ts'
import { describeError } from './describe-error.ts'
import { type Status } from './status.ts'

/** A server while it is subscribed: emitted once it listens. Never completes. */
export const listening = (options: ServerOptions, status: Status): Observable<PhoenixServer> =>
  new Observable((subscriber) => {
    const starting = phoenixServer({ ...options, trace: telling(status) })
    starting.then(
      (server) => {
        subscriber.next(server)
      },
      (error: unknown) => {
        subscriber.error(whyNot(error, options))
      },
    )
    return () => {
      void starting.then((server) => server.close(), noop)
    }
  })

/** Why a server cannot listen, and what to do. */
export const whyNot = (
  error: unknown,
  { port = 0, host = '' }: Pick<ServerOptions, 'port' | 'host'>,
): unknown => {
  switch ((error as Partial<NodeJS.ErrnoException>).code) {
    case 'EADDRINUSE':
      return new CannotListen(
        `Port ${port} of ${host} is in use. Choose another one with --port (0: a free one), or end the process that has it: ` +
          `lsof -i :${port} shows which one that is.`,
      )
    case 'EACCES':
      return new CannotListen(
        `Port ${port} is reserved for privileged users. Choose another one with --port, above 1023.`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CannotListen(`This machine has no address ${host}. Pass one of its own with --host.`)
    default:
      return error
  }
}

class CannotListen extends Error {
  override readonly name = 'CannotListen'
}

const telling =
  (status: Status) =>
  (event: ServerTrace): void => {
    switch (event._tag) {
      case 'Opened':
        status.tell(`a client has connected (${event.transport})`, 'faint')
        return
      case 'Closed':
        status.tell('a client has gone', 'faint')
        return
      case 'Joined':
        status.tell(`${event.topic}: joined`, 'good')
        return
      case 'UnmatchedTopic':
        status.tell(`${event.topic}: no channel handles it`, 'warning')
        return
      case 'ConnectRefused':
        status.tell(`${event.path}: refused with ${event.status}`, 'warning')
        return
      case 'StaleMessage':
        return
      case 'SlowConsumer':
        status.tell(`a client left ${event.bufferedBytes} bytes unread and was cut`, 'warning')
        return
      case 'MalformedFrame':
        status.tell(`a frame is not a message: ${event.frame}`, 'warning')
        return
      case 'NotEncodable':
        status.tell(`${event.topic}: ${event.event} cannot be sent`, 'bad')
        return
      case 'ConnectCrashed':
      case 'JoinCrashed':
      case 'ChannelCrashed':
        status.tell(describeError(event.error), 'bad')
    }
  }
