import { type RowMutant } from './row-mutant.ts'
import { aroundRows } from './rows/around-rows.ts'
import { awaitingRows } from './rows/awaiting-rows.ts'
import { channelRows } from './rows/channel-rows.ts'
import { connectionRows } from './rows/connection-rows.ts'
import { insideRows } from './rows/inside-rows.ts'
import { liveStateRows } from './rows/live-state-rows.ts'
import { pageRows } from './rows/page-rows.ts'
import { policyRows } from './rows/policy-rows.ts'
import { presenceRows } from './rows/presence-rows.ts'
import { protocolRows } from './rows/protocol-rows.ts'
import { socketRows } from './rows/socket-rows.ts'
import { transportRows } from './rows/transport-rows.ts'
import { transportPartsRows } from './rows/transport-parts-rows.ts'

/**
 * Bugs that the rows of docs/coming-from and docs/wishes.md are about: with each of them the tests that the rows cite fail.
 * `npm run mutants -- --rows` shows whether they do.
 */
export const rowMutants: readonly RowMutant[] = [
  ...aroundRows,
  ...awaitingRows,
  ...channelRows,
  ...connectionRows,
  ...insideRows,
  ...liveStateRows,
  ...pageRows,
  ...policyRows,
  ...presenceRows,
  ...protocolRows,
  ...socketRows,
  ...transportRows,
  ...transportPartsRows,
]
