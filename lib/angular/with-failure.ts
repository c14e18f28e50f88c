import { computed, type ResourceStatus, type Signal } from '@angular/core'
import { type ChannelState } from '../channel/channel-state.ts'

interface Shown {
  readonly status: Signal<Exclude<ResourceStatus, 'local'>>
  readonly error: Signal<Error | undefined>
}

/** The status and the error of a channel, or, while it is joined, of a failure that does not end the join. */
export const withFailure = (
  { status, error }: Shown,
  state: Signal<ChannelState>,
  failure: Signal<Error | undefined>,
): Shown => {
  const failed = computed(() => (state().status === 'joined' ? failure() : undefined))
  return {
    status: computed(() => (failed() ? 'error' : status())),
    error: computed(() => error() ?? failed()),
  }
}
