import { type Either, left, right } from 'fp-ts/Either'

/** The parts of a path, unescaped. An empty pointer means the whole document. */
export type Pointer = readonly string[]

/** Reads a JSON Pointer (RFC 6901): `''`, or parts that each follow a `/`, with `~0` for `~` and `~1` for `/`. */
export const parsePointer = (path: unknown): Either<string, Pointer> => {
  if (typeof path !== 'string') return left('a path must be a string')
  if (path === '') return right([])
  if (!path.startsWith('/')) return left('a path must be empty or begin with "/"')
  if (/~(?![01])/.test(path)) return left('in a path, "~" must be followed by 0 or 1')
  const parts = path.slice(1).split('/')
  // ~1 first, or ~01 would become / in the end.
  return right(
    path.includes('~') ? parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')) : parts,
  )
}
