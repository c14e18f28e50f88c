import { Observable, type Subscriber, type Subscription, type TeardownLogic } from 'rxjs'
import { AlreadyJoined } from '../protocol/channel-error.ts'
import { type Lines } from '../socket/lines.ts'
import { type ChannelOptions, differingOption, effectiveOptions } from './channel-options.ts'
import { type SessionContext, TopicSession } from './session.ts'

interface Entry {
  readonly session: TopicSession
  users: number
  lingering: Subscription | undefined
}

/** The sessions of a socket, one a topic. */
export interface Sessions {
  find(topic: string): TopicSession | undefined
  /**
   * An Observable made of the session of a topic, which lives while somebody is subscribed. `attach` puts the
   * subscriber in its place and gives the teardown; only then the session starts. Errors with `AlreadyJoined` if the
   * topic is held with other options.
   */
  derive<A>(
    topic: string,
    options: ChannelOptions,
    attach: (session: TopicSession, subscriber: Subscriber<A>) => TeardownLogic,
  ): Observable<A>
}

/** @param released - called whenever a subscriber has gone, for the linger of the socket. */
export const sessions = (
  context: Omit<SessionContext, 'onEnd'>,
  lines: Lines,
  released: () => void,
): Sessions => {
  const byTopic = new Map<string, Entry>()

  const onEnd = (session: TopicSession): void => {
    const entry = byTopic.get(session.topic)
    if (entry?.session !== session) return
    entry.lingering?.unsubscribe()
    byTopic.delete(session.topic)
  }

  const open = (topic: string, options: ChannelOptions): Entry => {
    const session = new TopicSession(topic, effectiveOptions(options, context.socket), lines.withRoom(), {
      ...context,
      onEnd,
    })
    const entry: Entry = { session, users: 0, lingering: undefined }
    byTopic.set(topic, entry)
    return entry
  }

  const acquire = (topic: string, options: ChannelOptions): Entry => {
    let entry = byTopic.get(topic)
    const option = entry && differingOption(options, entry.session.options)
    if (entry && option !== undefined) {
      if (entry.users > 0) throw new AlreadyJoined({ topic, option })
      // It only lingers: nobody is there to be disturbed by other options.
      entry.session.stop()
      entry = undefined
    }
    entry ??= open(topic, options)
    entry.lingering?.unsubscribe()
    entry.lingering = undefined
    entry.users += 1
    return entry
  }

  const release = (entry: Entry): void => {
    released()
    entry.users -= 1
    if (entry.users > 0) return
    const { session } = entry
    const { lingerMs } = session.settings
    if (lingerMs === 0) session.stop()
    else if (byTopic.get(session.topic) === entry)
      entry.lingering = context.socket.scheduler.schedule(() => {
        session.stop()
      }, lingerMs)
  }

  return {
    find: (topic) => byTopic.get(topic)?.session,
    derive: (topic, options, attach) =>
      new Observable((subscriber) => {
        const entry = acquire(topic, options)
        subscriber.add(() => {
          release(entry)
        })
        // In front of the release: an unsubscribed push is forgotten before the leave goes out.
        subscriber.add(attach(entry.session, subscriber))
        entry.session.start()
      }),
  }
}
