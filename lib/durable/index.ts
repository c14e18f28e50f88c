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
export { type CompareCursors } from './placing.ts'
export { type Cursor, type Position } from './position.ts'
export { processWith, type ProcessOptions } from './process-with.ts'
export { type CheckpointStorage, storageCheckpoint } from './storage-checkpoint.ts'
