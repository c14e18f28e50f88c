import { untracked } from '@angular/core'
import { Observable, takeUntil } from 'rxjs'
import { type Channel } from '../channel/channel.ts'
import { type ChannelState } from '../channel/channel-state.ts'
import { type ChannelContract } from '../channel/contract.ts'
import { type DecodeOptions, type Decoder } from '../channel/decode-with.ts'
import {
  type Fold,
  FOLD,
  foldable,
  type Foldable,
  type FoldPlan,
  type DeriveFromFold,
} from '../channel/folds.ts'
import { type Message } from '../protocol/message.ts'

/**
 * The same channel, whose streams complete when `end$` emits, including those that `presence` and `liveState` make of it.
 * Pushes do not: what a user saves before going to the next page should still be saved.
 *
 * Subscribing reads no signals: an effect that subscribes does not depend on those that the params of the join read.
 */
export const channelUntil = <C extends ChannelContract>(
  channel: Channel<C>,
  end$: Observable<unknown>,
): Channel<C> => new Ending(channel, end$) as unknown as Channel<C>

class Ending extends Observable<ChannelState> implements Channel, Foldable {
  readonly push: Channel['push']
  readonly send: Channel['send']

  constructor(
    private readonly channel: Channel,
    private readonly end$: Observable<unknown>,
  ) {
    super((subscriber) => this.until(channel).subscribe(subscriber))
    this.push = (...args: Parameters<Channel['push']>) => untrackedly(channel.push(...args))
    this.send = (...args: Parameters<Channel['send']>) => untrackedly(channel.send(...args))
  }

  get topic(): string {
    return this.channel.topic
  }

  get state(): ChannelState {
    return this.channel.state
  }

  get messages$(): Observable<Message> {
    return this.until(this.channel.messages$)
  }

  /** The overloads of the interface say what it emits. */
  on(event: string, decode?: Decoder<unknown>, options?: DecodeOptions): Observable<never> {
    const payloads$ = decode ? this.channel.on(event, decode, options) : this.channel.on(event)
    return this.until(payloads$) as Observable<never>
  }

  [FOLD]<F extends Fold>(plan: FoldPlan<F>): DeriveFromFold<F> {
    const derive = foldable(this.channel)[FOLD](plan)
    return (attach) => this.until(derive(attach))
  }

  private until<A>(source$: Observable<A>): Observable<A> {
    return untrackedly(source$.pipe(takeUntil(this.end$)))
  }
}

const untrackedly = <A>(source$: Observable<A>): Observable<A> =>
  new Observable((subscriber) => untracked(() => source$.subscribe(subscriber)))
