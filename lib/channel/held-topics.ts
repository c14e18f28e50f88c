import { type Subscriber, type TeardownLogic } from 'rxjs'
import { AlreadyJoined } from '../protocol/channel-error.ts'
import { IDLE } from '../connection/connection-state.ts'
import { type Connections } from '../connection/kept-connection.ts'
import { type SocketContext } from '../connection/socket-context.ts'
import {
  type ChannelOptions,
  type ChannelSettings,
  differingOption,
  preparer,
  warnOfSameText,
} from './channel-options.ts'
import { type ChannelState } from './channel-state.ts'
import { type Fold, type FoldPlan } from './folds.ts'
import { Topic } from './topic.ts'

/** How many endings are remembered; an application may go through any number of topics. */
const MAX_ENDINGS = 1_000

/** Adds a subscriber to a topic, and returns the teardown. */
export type Attach<A> = (topic: Topic, subscriber: Subscriber<A>) => TeardownLogic

/** What a handle on a topic holds. */
export interface Held {
  readonly topic: string
  readonly options: ChannelOptions
  /** Get all messages from the first one on, if the subscriber starts the topic. */
  readonly plans?: ReadonlyMap<string, FoldPlan<Fold>>
}

/** The topics of a socket that somebody holds, or that linger. */
export class HeldTopics {
  private readonly prepare: (options: ChannelOptions) => ChannelSettings
  private readonly topics: Map<string, Topic> = new Map()
  /** How topics ended that nobody has subscribed to since, the oldest first. */
  private readonly endings: Map<string, ChannelState> = new Map()
  /** Plans for topics that nobody has joined yet. */
  private readonly planned: Map<string, FoldPlan<Fold>[]> = new Map()

  constructor(
    readonly context: SocketContext,
    private readonly connections: Connections,
  ) {
    this.prepare = preparer(context.settings)
  }

  all(): Iterable<Topic> {
    return this.topics.values()
  }

  /** Of a topic that nobody holds: how it ended, or `idle`. */
  stateOf(name: string): ChannelState {
    return this.topics.get(name)?.state ?? this.endings.get(name) ?? IDLE
  }

  /** Gives a reducer all messages from now on, or from the first one of the next join. */
  register(name: string, plan: FoldPlan<Fold>): void {
    const { planned } = this
    const topic = this.topics.get(name)
    if (topic) topic.fold(plan)
    else planned.set(name, [...(planned.get(name) ?? []).filter(({ key }) => key !== plan.key), plan])
  }

  /**
   * Holds a topic for a subscriber, until it unsubscribes. `attach` adds the subscriber to the topic, which starts only then.
   * Throws `AlreadyJoined` if the topic is joined with other options.
   */
  hold<A>(subscriber: Subscriber<A>, { topic: name, options, plans }: Held, attach: Attach<A>): void {
    const topic = this.acquire(name, options)
    if (plans) for (const plan of plans.values()) topic.fold(plan)
    // In front of the release: an unsubscribed push is forgotten before the leave goes out.
    subscriber.add(attach(topic, subscriber))
    subscriber.add(topic)
    topic.start()
  }

  /** One function for all topics. */
  private readonly ended = (topic: Topic, ending?: ChannelState): void => {
    const { endings, topics } = this
    const { name } = topic
    if (topics.get(name) === topic) topics.delete(name)
    if (!ending) return
    endings.set(name, ending)
    const [oldest = ''] = endings.keys()
    if (endings.size > MAX_ENDINGS) endings.delete(oldest)
  }

  private acquire(name: string, options: ChannelOptions): Topic {
    const found = this.topics.get(name)
    if (found && options !== found.given) {
      const option = differingOption(options, found.settings)
      if (option === undefined) warnOfSameText(name, options, found.settings)
      else {
        if (found.users > 0) throw new AlreadyJoined({ topic: name, option })
        // It only lingers: other options affect nobody.
        found.stop()
        // Looked up anew, since a subscriber that heard of something meanwhile may have come first.
        return this.acquire(name, options)
      }
    }
    const topic = found ?? this.open(name, options)
    topic.use()
    return topic
  }

  private open(name: string, options: ChannelOptions): Topic {
    const { connections, context, planned } = this
    const topic = new Topic(name, options, this.prepare(options), connections.withRoom(), context, this.ended)
    this.topics.set(name, topic)
    this.endings.delete(name)
    for (const plan of planned.get(name) ?? []) topic.fold(plan)
    planned.delete(name)
    return topic
  }
}
