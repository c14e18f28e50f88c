import { type Subscriber, type TeardownLogic } from 'rxjs'
import { AlreadyJoined } from '../protocol/channel-error.ts'
import { type Lines } from '../connection/lines.ts'
import { type ChannelSnapshot } from '../connection/snapshot.ts'
import { IDLE } from '../connection/connection-state.ts'
import { type ChannelOptions, differingOption, preparer } from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'
import { type Fold, type FoldPlan } from './fold.ts'
import { type SessionContext, TopicSession } from './session.ts'
import { warnOfSameText } from './warn-same-text.ts'

/** How many endings are remembered; an application may go through any number of topics. */
const MAX_ENDINGS = 1_000

/** Puts a subscriber in its place in a session, and gives the teardown. */
export type Attach<A> = (session: TopicSession, subscriber: Subscriber<A>) => TeardownLogic

/** The sessions of a socket, one a topic. */
export interface Sessions {
  /** Of a topic that nobody holds: how it ended, or `idle`. */
  stateOf(topic: string): ChannelState
  /**
   * Holds the session of a topic for a subscriber, until it unsubscribes. `attach` puts the subscriber in its place and
   * gives the teardown; only then the session starts. Throws `AlreadyJoined` if the topic is held with other options.
   * `plans` are fed from the first frame, if this subscriber starts the session.
   */
  hold<A>(
    subscriber: Subscriber<A>,
    topic: string,
    options: ChannelOptions,
    attach: Attach<A>,
    plans?: ReadonlyMap<string, FoldPlan<Fold>>,
  ): void
  /** Feeds a reducer from now on, or from the first frame of the join that comes next. */
  register(topic: string, plan: FoldPlan<Fold>): void
  inspect(atMs: number): ChannelSnapshot[]
}

/** @param onReleased - called whenever a subscriber has gone, for the linger of the socket. */
export const sessions = (
  context: Omit<SessionContext, 'onEnd' | 'onUnused' | 'onReleased'>,
  lines: Lines,
  onReleased: () => void,
): Sessions => {
  const byTopic: Map<string, TopicSession> = new Map()
  /** How topics ended that nobody has subscribed to since, the oldest first. */
  const endings: Map<string, ChannelState> = new Map()
  /** Plans for topics that nobody has joined yet. */
  const planned: Map<string, FoldPlan<Fold>[]> = new Map()

  const onEnd = (session: TopicSession, ending?: ChannelState): void => {
    if (ending) {
      endings.set(session.topic, ending)
      const [oldest = ''] = endings.keys()
      if (endings.size > MAX_ENDINGS) endings.delete(oldest)
    }
    session.lingering?.unsubscribe()
    if (byTopic.get(session.topic) === session) byTopic.delete(session.topic)
  }

  const onUnused = (session: TopicSession): void => {
    const { lingerMs } = session.settings
    if (lingerMs === 0) session.stop()
    else if (byTopic.get(session.topic) === session)
      session.lingering ??= context.socket.scheduler.schedule(() => {
        session.stop()
      }, lingerMs)
  }

  // One for all: there may be ten thousand sessions.
  const shared: SessionContext = { ...context, onEnd, onUnused, onReleased }
  const prepare = preparer(context.socket)

  const open = (topic: string, options: ChannelOptions): TopicSession => {
    const session = new TopicSession(topic, options, prepare(options), lines.withRoom(), shared)
    byTopic.set(topic, session)
    endings.delete(topic)
    for (const plan of planned.get(topic) ?? []) session.fold(plan)
    planned.delete(topic)
    return session
  }

  const acquire = (topic: string, options: ChannelOptions): TopicSession => {
    const found = byTopic.get(topic)
    const option = found && options !== found.given ? differingOption(options, found.options) : undefined
    if (found && option !== undefined) {
      if (found.users > 0) throw new AlreadyJoined({ topic, option })
      // It only lingers: nobody is there to be disturbed by other options.
      found.stop()
      // Looked up anew, since somebody who was told something meanwhile may have come first.
      return acquire(topic, options)
    }
    if (found && options !== found.given) warnOfSameText(topic, options, found.options)
    const session = found ?? open(topic, options)
    session.lingering?.unsubscribe()
    session.lingering = undefined
    session.users += 1
    return session
  }

  return {
    stateOf: (topic) => byTopic.get(topic)?.state ?? endings.get(topic) ?? IDLE,
    inspect: (atMs) => [...byTopic.values()].map((session) => session.inspect(atMs)),
    register: (topic, plan) => {
      const session = byTopic.get(topic)
      if (session) session.fold(plan)
      else planned.set(topic, [...(planned.get(topic) ?? []).filter(({ key }) => key !== plan.key), plan])
    },
    hold: (subscriber, topic, options, attach, plans) => {
      const session = acquire(topic, options)
      if (plans) for (const plan of plans.values()) session.fold(plan)
      // In front of the release: an unsubscribed push is forgotten before the leave goes out.
      subscriber.add(attach(session, subscriber))
      subscriber.add(session)
      session.start()
    },
  }
}
