import { Observable, type Observer, type Subscriber, type SubjectLike, type Unsubscribable } from 'rxjs'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { type ConnectionState, IDLE } from './connection-state.ts'
import { wireOf } from './into-wire.ts'

/**
 * The subject of a connection. It emits one state after the other, even when a subscriber causes the next before others have
 * received this one, and replays the latest. For any number of subscribers that come and go: a `ReplaySubject` searches its
 * list for each that goes, which is quadratic when ten thousand topics are left.
 */
export class SharedState implements SubjectLike<ConnectionState> {
  /** The Set itself is walked and no copy: so are those that are added meanwhile, and none that are gone. */
  private readonly subscribers: Set<Subscriber<ConnectionState>> = new Set()
  private readonly waiting: ConnectionState[] = []
  private latest: ConnectionState | undefined
  private emitting = false
  private over = false

  /** @param become - receives each state first: it is idle before anybody receives an error, since `retry` then subscribes again. */
  constructor(private readonly become: (state: ConnectionState, cause?: ConnectionError) => void) {}

  /** One that subscribes while a state is being emitted gets it after those that were there first. */
  subscribe(observer: Partial<Observer<ConnectionState>>): Unsubscribable {
    const states$ = new Observable<ConnectionState>((subscriber) => {
      this.subscribers.add(subscriber)
      subscriber.add(() => this.subscribers.delete(subscriber))
      if (this.latest && !this.emitting) subscriber.next(this.latest)
    })
    return states$.subscribe(observer)
  }

  next(state: ConnectionState): void {
    if (this.waiting.push(state) > 1) return
    for (const each of this.waiting) {
      if (this.over) return
      const emit = (): void => {
        this.emit(each)
      }
      const wire = wireOf(each)
      // Frames wait until all subscribers have received the open state.
      if (wire) wire.hold(emit)
      else emit()
    }
    this.waiting.length = 0
  }

  error(cause: ConnectionError): void {
    this.end(cause)
    for (const subscriber of this.subscribers) subscriber.error(cause)
  }

  complete(): void {
    // A connection that is kept does not complete.
  }

  /** Nobody is subscribed any more, or the policy has stopped. */
  end(cause?: ConnectionError): void {
    if (this.over) return
    this.over = true
    this.become(IDLE, cause)
  }

  private emit(state: ConnectionState): void {
    this.become(state)
    this.latest = state
    this.emitting = true
    for (const subscriber of this.subscribers) subscriber.next(state)
    this.emitting = false
  }
}
