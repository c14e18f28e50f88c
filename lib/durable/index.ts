export { type Checkpoint, type Eventually } from './checkpoint.ts'
export { type CheckpointFunctions, checkpointOf } from './checkpoint-of.ts'
export {
  CheckpointFailed,
  CheckpointInvalid,
  CheckpointLocked,
  CursorBackwards,
  CursorInvalid,
  FeedOverflow,
  HandlerFailed,
} from './durable-error.ts'
export { feed, type Feed } from './feed.ts'
export { type Delivery, type FeedEvent, type Gap, type Invalid } from './feed-event.ts'
export { type FeedOptions, type Missing, type SocketFeedOptions } from './feed-options.ts'
export { fileCheckpoint } from './file-checkpoint.ts'
export { outbox, type Outbox, type OutboxPushOptions } from './outbox.ts'
export { type OutboxEntry, type OutboxState, type Refusal } from './outbox-entry.ts'
export { EntryUnknown, KeyReused, StoreFailed, StoreLocked } from './outbox-error.ts'
export { type OutboxOptions } from './outbox-options.ts'
export { type OutboxStore, type StoreOperation } from './outbox-store.ts'
export { type CompareCursors } from './cursor-tracker.ts'
export { type Cursor, type Position } from './position.ts'
export { processWith, type ProcessOptions } from './process-with.ts'
export { type CheckpointStorage, storageCheckpoint } from './storage-checkpoint.ts'
export { type TabChannel, type TabLocks, type Tabs } from './tabs.ts'
