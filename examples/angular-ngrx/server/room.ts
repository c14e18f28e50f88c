import { channel, error, ok } from 'rx-phoenix/server'
import { type RoomContract } from '../shared/contract.ts'
import { type PostBoard } from './post-board.ts'

const SHOWN = 200

/** A join is answered with what was posted so far; what is posted from then on is broadcast. */
export const roomChannel = (board: PostBoard) =>
  channel<RoomContract>({
    join: (_params, room) => {
      const posts = board.of(room.topic)
      return posts ? ok({ posts: posts.slice(-SHOWN) }) : error({ reason: 'no such room' })
    },
  })
