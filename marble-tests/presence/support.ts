import { type Observable, of } from 'rxjs'
import { type Message } from '../../lib/index.ts'
import { type Presence, type PresenceState } from '../../lib/presence/presence-state.ts'
import { broadcast, okTo, pushed } from '../../lib/testing/index.ts'

/** Presences from `a1 a2 b3`: the key is a letter, the rest a phx_ref. */
export const people = (words: string): Record<string, Presence> => {
  const entries: Record<string, { metas: { phx_ref: string }[] }> = {}
  for (const word of words.split(' ').filter(Boolean))
    (entries[word.charAt(0)] ??= { metas: [] }).metas.push({ phx_ref: word.slice(1) })
  return entries
}

/** And back: `a1 a2 b3`. */
export const inWords = (state: PresenceState | undefined): string =>
  [...(state ?? [])]
    .flatMap(([key, { metas }]) => metas.map(({ phx_ref }) => key + phx_ref))
    .sort()
    .join(' ')

export const whole = (words: string, joinRef = '1'): Message =>
  pushed('room:a', joinRef, 'presence_state', people(words))

export const diff = (joins: string, leaves = ''): Message =>
  broadcast('room:a', 'presence_diff', { joins: people(joins), leaves: people(leaves) })

/** Joins that are answered, and then told the whole state, as presence channels do: the first, the second and so on. */
export const joinedWith = (...states: readonly string[]): ((message: Message) => Observable<Message>) => {
  let joins = 0
  return (message) => {
    const words = states[joins++] ?? states.at(-1) ?? ''
    return of(okTo(message), whole(words, message.joinRef ?? ''))
  }
}
