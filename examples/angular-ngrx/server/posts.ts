import { channel, error, ok } from 'rx-phoenix/server'
import { type Post, type PostsContract } from '../shared/contract.ts'
import { authorOf, field } from './author.ts'
import { type PostBoard } from './post-board.ts'

const MAX_LENGTH = 500

/**
 * Takes posts for all rooms. A post that arrives twice, because it was sent again after its reply was lost, is taken once: its id
 * is the key of the outbox, and the journal has it even if the server was killed in between.
 */
export const postsChannel = (board: PostBoard) =>
  channel<PostsContract>({
    join: () => ok(),
    handleIn: {
      post: (payload: unknown, posts) => {
        const [id, room, body] = [field(payload, 'id'), field(payload, 'room'), field(payload, 'body')]
        const topic = `room:${String(room)}`
        const known = board.of(topic)
        if (!known || typeof id !== 'string' || typeof body !== 'string' || body.trim() === '')
          return error({ reason: 'that is no message' })
        const author = authorOf(posts)
        const before = known.find((post) => post.id === id)
        if (before)
          return before.author.id === author.id ? ok(before) : error({ reason: 'that is no message' })
        if (body.length > MAX_LENGTH) return error({ reason: `longer than ${MAX_LENGTH} characters` })
        const last = known.at(-1)
        if (last?.author.id === author.id && last.body === body.trim())
          return error({ reason: 'you have just said that' })
        const post: Post = { id, author, body: body.trim(), atMs: Date.now() }
        board.add(topic, post)
        posts.endpoint.broadcast(topic, 'posted', post)
        return ok(post)
      },
    },
  })
