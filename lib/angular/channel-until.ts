import { Observable, takeUntil } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type ChannelState } from '../channel/channel-state.ts'
import { type ChannelContract } from '../channel/contract.ts'
import { type DecodeOptions, type Decoder } from '../channel/decode-with.ts'
import { type Fold, FOLD, type Foldable, type FoldPlan, foldable, type FoldStream } from '../channel/fold.ts'
import { type Message } from '../protocol/message.ts'

/**
 * The same channel, whose streams complete at a signal, also those that `presence` and `liveState` make of it. A push
 * does not: who saves and goes on to the next page wants it saved.
 */
export const channelUntil = <C extends ChannelContract>(
  channel: Channel<C>,
  end$: Observable<unknown>,
): Channel<C> => new Ending(channel, end$) as unknown as Channel<C>

class Ending extends Observable<ChannelState> implements Channel, Foldable {
  readonly push: Channel['push']
  readonly send: Channel['send']
  private readonly channel: Channel
  private readonly end$: Observable<unknown>

  constructor(channel: Channel, end$: Observable<unknown>) {
    super((subscriber) => channel.pipe(takeUntil(end$)).subscribe(subscriber))
    this.channel = channel
    this.end$ = end$
    this.push = channel.push.bind(channel)
    this.send = channel.send.bind(channel)
  }

  get topic(): string {
    return this.channel.topic
  }

  get state(): ChannelState {
    return this.channel.state
  }

  get messages$(): Observable<Message> {
    return this.channel.messages$.pipe(takeUntil(this.end$))
  }

  /** What it gives is said by the overloads of the interface. */
  on(event: string, decode?: Decoder<unknown>, options?: DecodeOptions): Observable<never> {
    const payloads$ = decode ? this.channel.on(event, decode, options) : this.channel.on(event)
    return payloads$.pipe(takeUntil(this.end$)) as Observable<never>
  }

  [FOLD]<F extends Fold>(plan: FoldPlan<F>): FoldStream<F> {
    const stream = foldable(this.channel)[FOLD](plan)
    return { derive: (attach) => stream.derive(attach).pipe(takeUntil(this.end$)) }
  }
}
