import { type Signal, signal, untracked } from '@angular/core'
import { type Channel } from '../channel/channel.ts'
import { type ChannelContract, type PushName, type PushPayload, type PushReply } from '../channel/contract.ts'
import { checked } from '../protocol/checked.ts'
import { DEV } from '../protocol/dev.ts'
import { type PushError } from '../protocol/push-error.ts'

/** The state of the latest push. */
export type PushState<P = unknown, R = unknown> =
  | { readonly status: 'idle' }
  | { readonly status: 'pending'; readonly payload: P }
  | { readonly status: 'done'; readonly payload: P; readonly response: R }
  | { readonly status: 'failed'; readonly payload: P; readonly error: PushError }

/** What `pushSignal` returns: the state of the latest push, and how to make one. */
export interface PushSignal<P, R> extends Signal<PushState<P, R>> {
  /** Pushes now. An earlier pending push continues, but is no longer shown. */
  push(payload: P): void
  /** Pushes the same payload again after `failed`. Returns false if there is nothing to do. */
  retry(): boolean
}

/**
 * A push of a component as a signal: `idle`, `pending`, `done` or `failed`, with `retry`. Reading it never throws. A push
 * continues when the component is destroyed. With Angular's forms, call `push` on submit, and disable the button while pending.
 *
 * @param channel - a channel, or a function that returns one, such as `channel` of a resource.
 */
export const pushSignal = <C extends ChannelContract, E extends PushName<C>>(
  channel: Channel<C> | (() => Channel<C> | undefined),
  event: E,
): PushSignal<PushPayload<C, E>, PushReply<C, E>> => {
  type State = PushState<PushPayload<C, E>, PushReply<C, E>>
  const state = signal<State>({ status: 'idle' })
  let latest = 0

  const push = (payload: PushPayload<C, E>): void => {
    const given = untracked(() => (typeof channel === 'function' ? channel() : channel))
    const target = checked(
      given !== undefined,
      'pushSignal.channel',
      given,
      DEV && 'there is no topic yet; do not push while channel() is undefined.',
    ) as Channel
    // Before anything is shown, since it throws for an event that cannot work.
    const push$ = target.push(event, payload)
    const number = ++latest
    const show = (next: State): void => {
      if (number === latest) state.set(next)
    }
    show({ status: 'pending', payload })
    untracked(() =>
      push$.subscribe({
        next: (response) => {
          show({ status: 'done', payload, response: response as PushReply<C, E> })
        },
        error: (error: PushError) => {
          show({ status: 'failed', payload, error })
        },
      }),
    )
  }
  return Object.assign(state.asReadonly(), {
    push,
    retry: (): boolean => {
      const current = untracked(state)
      if (current.status !== 'failed') return false
      push(current.payload)
      return true
    },
  })
}
