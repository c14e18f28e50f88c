import { channel, error, ok } from 'rx-phoenix/server'
import { type Post, type RoomContract } from '../shared/contract.ts'
import { authorOf, field } from './author.ts'
import { type Journal } from './journal.ts'
import { rooms } from './rooms.ts'

const MAX_LENGTH = 500
const SHOWN = 200

/** Posts by room, kept in the journal. A post that comes twice (it was sent again, its reply had been lost) is taken once. */
export const roomChannel = (records: Journal) => {
  const posts: Map<string, Post[]> = new Map(rooms.map(({ id }) => [`room:${id}`, []]))
  for (const entry of records.entries) if (entry.type === 'post') posts.get(entry.room)?.push(entry.post)

  return channel<RoomContract>({
    join: (_params, room) => {
      const known = posts.get(room.topic)
      return known ? ok({ posts: known.slice(-SHOWN) }) : error({ reason: 'no such room' })
    },
    handleIn: {
      post: (payload: unknown, room) => {
        const [id, body] = [field(payload, 'id'), field(payload, 'body')]
        const known = posts.get(room.topic) ?? []
        if (typeof id !== 'string' || typeof body !== 'string' || body.trim() === '')
          return error({ reason: 'that is no message' })
        const author = authorOf(room)
        const before = known.find((post) => post.id === id)
        if (before)
          return before.author.id === author.id ? ok(before) : error({ reason: 'that is no message' })
        if (body.length > MAX_LENGTH) return error({ reason: `longer than ${MAX_LENGTH} characters` })
        const last = known.at(-1)
        if (last?.author.id === author.id && last.body === body.trim())
          return error({ reason: 'you have just said that' })
        const post: Post = { id, author, body: body.trim(), atMs: Date.now() }
        records.add({ type: 'post', room: room.topic, post })
        known.push(post)
        room.broadcast('posted', post)
        return ok(post)
      },
    },
  })
}
