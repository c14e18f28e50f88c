import { type Subscriber, type TeardownLogic } from 'rxjs'
import { AlreadyJoined } from '../protocol/channel-error.ts'
import { type Connections } from '../connection/connections.ts'
import { IDLE } from '../connection/connection-state.ts'
import { type SocketContext } from '../connection/socket-context.ts'
import { type ChannelOptions, differingOption, preparer } from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'
import { type Fold, type FoldPlan } from './fold.ts'
import { Topic } from './topic.ts'
import { warnOfSameText } from './warn-same-text.ts'

/** How many endings are remembered; an application may go through any number of topics. */
const MAX_ENDINGS = 1_000

/** Adds a subscriber to a topic, and returns the teardown. */
export type Attach<A> = (topic: Topic, subscriber: Subscriber<A>) => TeardownLogic

/** The topics of a socket that somebody holds, or that linger. */
export interface HeldTopics {
  all(): Iterable<Topic>
  /** Of a topic that nobody holds: how it ended, or `idle`. */
  stateOf(name: string): ChannelState
  /**
   * Holds a topic for a subscriber, until it unsubscribes. `attach` adds the subscriber to the topic, which starts only then.
   * Throws `AlreadyJoined` if the topic is joined with other options. `plans` get all messages from the first one on, if this
   * subscriber starts the topic.
   */
  hold<A>(
    subscriber: Subscriber<A>,
    name: string,
    options: ChannelOptions,
    attach: Attach<A>,
    plans?: ReadonlyMap<string, FoldPlan<Fold>>,
  ): void
  /** Gives a reducer all messages from now on, or from the first one of the next join. */
  register(name: string, plan: FoldPlan<Fold>): void
}

export const heldTopics = (context: SocketContext, connections: Connections): HeldTopics => {
  const topics: Map<string, Topic> = new Map()
  /** How topics ended that nobody has subscribed to since, the oldest first. */
  const endings: Map<string, ChannelState> = new Map()
  /** Plans for topics that nobody has joined yet. */
  const planned: Map<string, FoldPlan<Fold>[]> = new Map()
  const prepare = preparer(context.settings)

  const holder = {
    ended: (topic: Topic, ending?: ChannelState): void => {
      if (ending) {
        endings.set(topic.name, ending)
        const [oldest = ''] = endings.keys()
        if (endings.size > MAX_ENDINGS) endings.delete(oldest)
      }
      topic.lingering?.unsubscribe()
      if (topics.get(topic.name) === topic) topics.delete(topic.name)
    },
    unused: (topic: Topic): void => {
      const { lingerMs } = topic.settings
      if (lingerMs === 0) topic.stop()
      else if (topics.get(topic.name) === topic)
        topic.lingering ??= topic.scheduler.schedule(() => {
          topic.stop()
        }, lingerMs)
    },
  }

  const open = (name: string, options: ChannelOptions): Topic => {
    const topic = new Topic(name, options, prepare(options), connections.withRoom(), context, holder)
    topics.set(name, topic)
    endings.delete(name)
    for (const plan of planned.get(name) ?? []) topic.fold(plan)
    planned.delete(name)
    return topic
  }

  const acquire = (name: string, options: ChannelOptions): Topic => {
    const found = topics.get(name)
    if (found && options !== found.given) {
      const option = differingOption(options, found.options)
      if (option === undefined) warnOfSameText(name, options, found.options)
      else {
        if (found.users > 0) throw new AlreadyJoined({ topic: name, option })
        // It only lingers: other options affect nobody.
        found.stop()
        // Looked up anew, since a subscriber that heard of something meanwhile may have come first.
        return acquire(name, options)
      }
    }
    const topic = found ?? open(name, options)
    topic.lingering?.unsubscribe()
    topic.lingering = undefined
    topic.users += 1
    return topic
  }

  return {
    all: () => topics.values(),
    stateOf: (name) => topics.get(name)?.state ?? endings.get(name) ?? IDLE,
    register: (name, plan) => {
      const topic = topics.get(name)
      if (topic) topic.fold(plan)
      else planned.set(name, [...(planned.get(name) ?? []).filter(({ key }) => key !== plan.key), plan])
    },
    hold: (subscriber, name, options, attach, plans) => {
      const topic = acquire(name, options)
      if (plans) for (const plan of plans.values()) topic.fold(plan)
      // In front of the release: an unsubscribed push is forgotten before the leave goes out.
      subscriber.add(attach(topic, subscriber))
      subscriber.add(() => {
        topic.release()
      })
      topic.start()
    },
  }
}
