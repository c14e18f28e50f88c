import { type ServerChannel } from 'rx-phoenix/server'
import { type Author } from '../shared/contract.ts'

/** Who is connected, as `connect` in app.ts has put it. */
export const authorOf = (channel: ServerChannel): Author => channel.socket.assigns['author'] as Author

/** A property of what a client sent, which may be anything. */
export const field = (payload: unknown, key: string): unknown =>
  typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>)[key] : undefined
