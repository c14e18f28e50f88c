export { type Dialect, dialects } from './dialects.ts'
export { applyPatch, type PatchFailed, type PatchOperation } from './json-patch.ts'
export {
  type LiveChannel,
  type LiveState,
  liveState,
  type LiveStateOptions,
  type LiveStateStatus,
} from './live-state.ts'
export { LiveStateFailed } from './live-state-failed.ts'
export { optimistic } from './optimistic.ts'
