import { type Post } from '../shared/contract.ts'
import { type Journal } from './journal.ts'
import { rooms } from './rooms.ts'

/** The posts of each room, kept in the journal. */
export interface PostBoard {
  /** Undefined if there is no such room. */
  of(topic: string): readonly Post[] | undefined
  add(topic: string, post: Post): void
}

export const postBoard = (records: Journal): PostBoard => {
  const posts: Map<string, Post[]> = new Map(rooms.map(({ id }) => [`room:${id}`, []]))
  for (const entry of records.entries) if (entry.type === 'post') posts.get(entry.room)?.push(entry.post)
  return {
    of: (topic) => posts.get(topic),
    add: (topic, post) => {
      records.add({ type: 'post', room: topic, post })
      posts.get(topic)?.push(post)
    },
  }
}
