import { DEV } from '../protocol/dev.ts'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { INSIDE, type Inside } from '../phoenix-socket.ts'

/** The inside of a socket, which its public type does not show. Throws `InvalidArgument` for other values. */
export const insideOf = (socket: object): Inside => {
  const inside = (socket as { readonly [INSIDE]?: Inside } | undefined)?.[INSIDE]
  if (inside) return inside
  throw new InvalidArgument('socket', socket, DEV && 'pass a socket that phoenixSocket made.')
}
