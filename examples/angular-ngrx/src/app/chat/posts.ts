import { type Post } from '../../../shared/contract.ts'

/** `sending`: on its way. `retrying`: its outcome is unknown, so it goes again. `failed`: it will not go by itself. */
export type Delivery = 'sending' | 'retrying' | 'sent' | 'failed'

export interface ShownPost extends Post {
  readonly delivery: Delivery
  readonly reason?: string
}

/** Takes in what the server has; what waits here stays below it, in the order of writing. */
export const receive = (shown: readonly ShownPost[], posts: readonly Post[]): readonly ShownPost[] => {
  const byId = new Map(shown.map((post) => [post.id, post]))
  for (const post of posts) byId.set(post.id, { ...post, delivery: 'sent' })
  return [...byId.values()].sort((a, b) => rank(a) - rank(b))
}

const rank = ({ delivery, atMs }: ShownPost): number => (delivery === 'sent' ? atMs : Number.MAX_SAFE_INTEGER)

/** A post that has arrived stays so, whatever is heard late of an attempt. */
export const setDelivery = (
  shown: readonly ShownPost[],
  id: string,
  delivery: Delivery,
  reason?: string,
): readonly ShownPost[] =>
  shown.map((post) => {
    if (post.id !== id || post.delivery === 'sent') return post
    const { reason: _before, ...rest } = post
    return { ...rest, delivery, ...(reason !== undefined && { reason }) }
  })
