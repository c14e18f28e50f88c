import { Line, type LineContext } from './line.ts'
import { type ConnectionSnapshot } from './snapshot.ts'

/** The connections of a socket: one, or as many as `channelsPerConnection` asks for. */
export interface Lines {
  /** The one whose state the socket shows. */
  readonly first: Line
  /** A line with room for one more channel. Whoever takes it attaches to it before the next call. */
  withRoom(): Line
  inspect(atMs: number): ConnectionSnapshot[]
}

export const lines = (context: LineContext, channelsPerConnection: number): Lines => {
  const first = new Line(context, 1)
  const all = [first]
  return {
    first,
    inspect: (atMs) => all.map((line) => line.inspect(atMs)),
    withRoom: () => {
      const found = all.find((line) => line.load < channelsPerConnection)
      if (found) return found
      const added = new Line(context, all.length + 1)
      all.push(added)
      return added
    },
  }
}
