import { type OutboxEntry } from './outbox-entry.ts'

/**
 * What one tab sends to the others. `entry`: an entry is new or has changed. `leader`: this tab sends from now on. `newcomer`:
 * this tab was opened, and does not see yet which entries are being sent. `flush`: the tab that sends must not wait.
 */
export type TabMessage =
  | { readonly type: 'entry'; readonly id: string; readonly entry: OutboxEntry }
  | { readonly type: 'leader' }
  | { readonly type: 'newcomer' }
  | { readonly type: 'flush' }
