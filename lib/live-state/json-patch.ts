import { type Either, isLeft, left, right } from 'fp-ts/Either'
import { type Pointer, parsePointer } from './json-pointer.ts'
import { type Container, equalJson, indexOf, isContainer, lookUp } from './json-value.ts'

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

/**
 * Applies a JSON Patch (RFC 6902): all of its operations one after the other, or none. Pure: the result shares with
 * the document whatever no operation touches, and is the document itself if the patch is empty. Looks at own
 * properties only, and refuses paths through `__proto__`, `constructor` and `prototype`. Removing the root leaves null.
 *
 * @param operations - the list as it came; what is no operation makes the patch fail.
 */
export const applyPatch = (document: unknown, operations: unknown): Either<PatchFailed, unknown> => {
  if (!Array.isArray(operations))
    return left({ _tag: 'PatchFailed', index: 0, operation: operations, reason: 'a patch must be a list' })
  const patching = new Patching()
  let result = document
  for (const [index, operation] of (operations as readonly unknown[]).entries()) {
    const outcome = applied(patching, result, operation)
    if (isLeft(outcome)) return left({ _tag: 'PatchFailed', index, operation, reason: outcome.left })
    result = outcome.right
  }
  return right(result)
}

/** A server may nest a state, or lead a path, deeper than calls can be nested. */
const applied = (patching: Patching, document: unknown, operation: unknown): Outcome => {
  try {
    return patching.apply(document, operation)
  } catch {
    return left('it is nested too deep')
  }
}

/** One patch on its way. It copies an object or list once, and after that changes the copy, which nobody else has. */
class Patching {
  #own: WeakSet<Container> = new WeakSet()

  apply(document: unknown, operation: unknown): Outcome {
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
        return op === 'add' ? this.#add(document, to.right, value) : this.#replace(document, to.right, value)
      case 'remove':
        return this.#remove(document, to.right)
      case 'move':
      case 'copy': {
        const source = parsePointer(from)
        if (isLeft(source)) return source
        return this.#transfer(op, document, source.right, to.right)
      }
      default:
        return left('no such operation')
    }
  }

  #add(document: unknown, path: Pointer, value: unknown): Outcome {
    return this.#change(document, path, value, (container, part) => {
      if (!Array.isArray(container)) return right(this.#with(container, part, value))
      const { length } = container
      const index = part === '-' ? length : indexOf(part, length + 1)
      if (index === undefined) return left('no such index')
      const list = this.#copy(container)
      list.splice(index, 0, value)
      return right(list)
    })
  }

  #replace(document: unknown, path: Pointer, value: unknown): Outcome {
    return this.#change(document, path, value, (container, part) =>
      lookUp(container, part) ? right(this.#with(container, part, value)) : left('nothing to replace'),
    )
  }

  #remove(document: unknown, path: Pointer): Outcome {
    return this.#change(document, path, null, (container, part) => {
      if (!lookUp(container, part)) return left('nothing to remove')
      const copy = this.#copy(container)
      if (Array.isArray(copy)) copy.splice(Number(part), 1)
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- of a copy, and the key is its own
      else delete copy[part]
      return right(copy)
    })
  }

  #transfer(op: 'move' | 'copy', document: unknown, from: Pointer, to: Pointer): Outcome {
    const found = find(document, from)
    if (isLeft(found)) return found
    if (op === 'copy') {
      // From now on it may be in two places, so that a change in one must copy it again.
      this.#own = new WeakSet()
      return this.#add(document, to, found.right)
    }
    if (to.length > from.length && from.every((part, i) => part === to[i]))
      return left('a value cannot be moved into itself')
    const removed = this.#remove(document, from)
    return isLeft(removed) ? removed : this.#add(removed.right, to, found.right)
  }

  /** Copies the containers from the root down to the end of the path, where `change` makes the new one. */
  #change(node: unknown, path: Pointer, root: unknown, change: Change, depth = 0): Outcome {
    const part = path[depth]
    if (part === undefined) return right(root)
    if (!isContainer(node)) return left('nothing there')
    if (depth === path.length - 1) return change(node, part)
    const child = lookUp(node, part)
    if (!child) return left('nothing there')
    const changed = this.#change(child.value, path, root, change, depth + 1)
    return isLeft(changed) || changed.right === child.value
      ? mapped(changed, node)
      : right(this.#with(node, part, changed.right))
  }

  #with(container: Container, part: string, value: unknown): Container {
    const copy = this.#copy(container)
    ;(copy as Record<string, unknown>)[part] = value
    return copy
  }

  #copy<C extends Container>(container: C): C extends readonly unknown[] ? unknown[] : Record<string, unknown>
  #copy(container: Container): unknown[] | Record<string, unknown> {
    if (this.#own.has(container)) return container as Record<string, unknown>
    const copy = isList(container) ? [...container] : { ...container }
    this.#own.add(copy)
    return copy
  }
}

const isList: (container: Container) => container is readonly unknown[] = Array.isArray

/** The node stays: an own copy below it was changed in place. */
const mapped = (outcome: Outcome, node: unknown): Outcome => (isLeft(outcome) ? outcome : right(node))

const find = (document: unknown, path: Pointer): Outcome => {
  let value = document
  for (const part of path) {
    const found = lookUp(value, part)
    if (!found) return left('nothing there')
    value = found.value
  }
  return right(value)
}

const test = (document: unknown, path: Pointer, value: unknown): Outcome => {
  const found = find(document, path)
  if (isLeft(found)) return found
  return equalJson(found.right, value) ? right(document) : left('the value is another one')
}
