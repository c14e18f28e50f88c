import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { type Pointer, parsePointer } from './json-pointer.ts'
import { type Container, copyOf, equalJson, indexOf, isContainer, lookUp, setOwn } from './json-value.ts'

/** An operation of RFC 6902. */
export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string }

/** Why a patch does not apply. */
export interface PatchFailed {
  readonly _tag: 'PatchFailed'
  /** The first operation that could not be applied, counted from 0. */
  readonly index: number
  readonly operation: unknown
  readonly reason: string
}

type Outcome = Either<string, unknown>

/** What a step does at the end of a path: to the container, at a part. */
type Change = (container: Container, part: string) => Outcome

/** The objects and lists that this patch has copied. Nobody else has them yet, so they are changed in place. */
type Copies = Set<Container>

/**
 * Applies a JSON Patch (RFC 6902): all of its operations one after the other, or none. Pure: the result shares with
 * the document whatever no operation touches, and is the document itself if the patch is empty. Keys such as
 * `__proto__` and `constructor` are data like any other: paths lead through own properties only, and no prototype is
 * changed. Removing the root leaves null.
 *
 * @param operations - the list as it came. The patch fails if one of its items is not an operation.
 */
export const applyPatch = (document: unknown, operations: unknown): Either<PatchFailed, unknown> => {
  if (!Array.isArray(operations))
    return left({ _tag: 'PatchFailed', index: 0, operation: operations, reason: 'a patch must be a list' })
  const copies: Copies = new Set()
  let result = document
  for (const [index, operation] of (operations as readonly unknown[]).entries()) {
    const outcome = applied(copies, result, operation)
    if (isLeft(outcome)) return left({ _tag: 'PatchFailed', index, operation, reason: outcome.left })
    result = outcome.right
  }
  return right(result)
}

/** A server may nest a state, or lead a path, deeper than calls can be nested. */
const applied = (copies: Copies, document: unknown, operation: unknown): Outcome => {
  try {
    return apply(copies, document, operation)
  } catch {
    return left('it is nested too deep')
  }
}

const apply = (copies: Copies, document: unknown, operation: unknown): Outcome => {
  if (!isContainer(operation) || Array.isArray(operation)) return left('an operation must be an object')
  const { op, path, from, value } = operation as Readonly<Record<string, unknown>>
  const to = parsePointer(path)
  if (isLeft(to)) return to
  switch (op) {
    case 'add':
    case 'replace':
    case 'test':
      if (!Object.hasOwn(operation, 'value') || value === undefined) return left('a value is missing')
      if (op === 'test') return test(document, to.right, value)
      return (op === 'add' ? add : replace)(copies, document, to.right, value)
    case 'remove':
      return remove(copies, document, to.right)
    case 'move':
    case 'copy': {
      const source = parsePointer(from)
      return isLeft(source) ? source : transfer(copies, op, document, source.right, to.right)
    }
    default:
      return left('no such operation')
  }
}

const add = (copies: Copies, document: unknown, path: Pointer, value: unknown): Outcome =>
  change(copies, document, path, value, (container, part) => {
    if (!Array.isArray(container)) return right(withPart(copies, container, part, value))
    const { length } = container
    const index = part === '-' ? length : indexOf(part, length + 1)
    if (index === undefined) return left('no such index')
    const list = ownCopy(copies, container) as unknown[]
    list.splice(index, 0, value)
    return right(list)
  })

const replace = (copies: Copies, document: unknown, path: Pointer, value: unknown): Outcome =>
  change(copies, document, path, value, (container, part) =>
    lookUp(container, part) ? right(withPart(copies, container, part, value)) : left('nothing to replace'),
  )

const remove = (copies: Copies, document: unknown, path: Pointer): Outcome =>
  change(copies, document, path, null, (container, part) => {
    if (!lookUp(container, part)) return left('nothing to remove')
    const copy = ownCopy(copies, container)
    if (Array.isArray(copy)) copy.splice(Number(part), 1)
    else Reflect.deleteProperty(copy, part)
    return right(copy)
  })

const transfer = (
  copies: Copies,
  op: 'move' | 'copy',
  document: unknown,
  from: Pointer,
  to: Pointer,
): Outcome => {
  const found = find(document, from)
  if (isLeft(found)) return found
  if (op === 'copy') {
    // From now on it may be in two places, so that a change in one must copy it again.
    copies.clear()
    return add(copies, document, to, found.right)
  }
  if (to.length > from.length && from.every((part, i) => part === to[i]))
    return left('a value cannot be moved into itself')
  const removed = remove(copies, document, from)
  return isLeft(removed) ? removed : add(copies, removed.right, to, found.right)
}

const test = (document: unknown, path: Pointer, value: unknown): Outcome => {
  const found = find(document, path)
  if (isLeft(found)) return found
  return equalJson(found.right, value) ? right(document) : left('the value is another one')
}

const find = (document: unknown, path: Pointer): Outcome => {
  let value = document
  for (const part of path) {
    const found = lookUp(value, part)
    if (!found) return left('nothing there')
    value = found.value
  }
  return right(value)
}

/** Copies the containers from the root down to the end of the path, where `atEnd` makes the new one. */
const change = (
  copies: Copies,
  node: unknown,
  path: Pointer,
  root: unknown,
  atEnd: Change,
  depth = 0,
): Outcome => {
  const part = path[depth]
  if (part === undefined) return right(root)
  if (!isContainer(node)) return left('nothing there')
  if (depth === path.length - 1) return atEnd(node, part)
  const child = lookUp(node, part)
  if (!child) return left('nothing there')
  const changed = change(copies, child.value, path, root, atEnd, depth + 1)
  if (isLeft(changed)) return changed
  // The same child: a copy that this patch made earlier has been changed in place.
  return right(changed.right === child.value ? node : withPart(copies, node, part, changed.right))
}

const withPart = (copies: Copies, container: Container, part: string, value: unknown): Container => {
  const copy = ownCopy(copies, container)
  setOwn(copy, part, value)
  return copy
}

const ownCopy = (copies: Copies, container: Container): Container => {
  if (copies.has(container)) return container
  const copy = copyOf(container)
  copies.add(copy)
  return copy
}
