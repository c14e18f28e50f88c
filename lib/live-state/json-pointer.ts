import { type Either, left, right } from 'fp-ts/Either'

/** The parts of a path, unescaped. None: the whole document. */
export type Pointer = readonly string[]

/** What could be used to reach the prototype of an object. No state of a server has a use for these as keys. */
const FORBIDDEN: readonly string[] = ['__proto__', 'constructor', 'prototype']

/** Reads a JSON Pointer (RFC 6901): `''`, or parts that each follow a `/`, with `~0` for `~` and `~1` for `/`. */
export const parsePointer = (path: unknown): Either<string, Pointer> => {
  if (typeof path !== 'string') return left('a path must be a string')
  if (path === '') return right([])
  if (!path.startsWith('/')) return left('a path must be empty or begin with "/"')
  if (/~(?![01])/.test(path)) return left('"~" stands before 0 or 1 only')
  const parts = path.slice(1).split('/')
  // ~1 first, or ~01 would become / in the end.
  const pointer = path.includes('~')
    ? parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    : parts
  const forbidden = pointer.find((part) => FORBIDDEN.includes(part))
  return forbidden === undefined ? right(pointer) : left(`a path must not lead through ${forbidden}`)
}
