// Pure, or a bundler would keep it where nobody uses it.
const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom')

/** Keys and their new values; undefined takes the key out. */
export type Edits<V> = ReadonlyMap<string, V | undefined>

/**
 * A Map that is never changed: `edit` gives another one, at a cost that is proportional to the edits.
 *
 * All versions share one store, which belongs to the newest; an older version knows the next one and what to undo. It
 * gets a store of its own when it is read, so a version that nobody reads costs next to nothing. After as many edits
 * as there are keys the store is copied and the chain cut, so that who holds an old version holds no more than that.
 *
 * The order of keys is not promised: an older version may have another one once a newer has been made.
 *
 * It is a `Map` for whoever asks (`instanceof`, the keyvalue pipe of Angular, test libraries), but holds nothing as a
 * `Map` itself: before `structuredClone` or `postMessage` copy it with `new Map(map)`.
 */
class PersistentMap<V> extends Map<string, V> {
  #store: Map<string, V> | undefined
  #newer: PersistentMap<V> | undefined
  #undo: Edits<V> | undefined
  #edited = 0

  static edit<V>(map: ReadonlyMap<string, V>, edits: Edits<V>): PersistentMap<V> {
    // What console.log of Node shows. Not a method: a class with a computed name is kept by bundlers too.
    if (!(INSPECT in this.prototype)) Object.defineProperty(this.prototype, INSPECT, { value: copied })
    if (map instanceof PersistentMap) return (map as PersistentMap<V>).#edit(edits)
    const copy: PersistentMap<V> = new PersistentMap()
    copy.#store = new Map(map)
    return copy.#edit(edits)
  }

  #edit(edits: Edits<V>): PersistentMap<V> {
    const store = this.#read()
    const next: PersistentMap<V> = new PersistentMap()
    next.#edited = this.#edited + edits.size
    if (next.#edited > store.size) {
      next.#store = applied(new Map(store), edits)
      next.#edited = 0
      return next
    }
    const undo: Map<string, V | undefined> = new Map()
    for (const key of edits.keys()) undo.set(key, store.get(key))
    next.#store = applied(store, edits)
    this.#store = undefined
    this.#newer = next
    this.#undo = undo
    return next
  }

  #read(): Map<string, V> {
    if (this.#store) return this.#store
    const undos: Edits<V>[] = []
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- where the walk along the versions begins
    let version: PersistentMap<V> = this
    while (version.#newer && version.#undo) {
      undos.push(version.#undo)
      version = version.#newer
    }
    const store = undos.reduceRight(applied, new Map(version.#store))
    this.#newer = this.#undo = undefined
    return (this.#store = store)
  }

  override get size(): number {
    return this.#read().size
  }

  override get(key: string): V | undefined {
    return this.#read().get(key)
  }

  override has(key: string): boolean {
    return this.#read().has(key)
  }

  /** A walk that has begun sees the Map as it was, also if there is a newer version before it ends. */
  #walk(): Map<string, V> {
    return new Map(this.#read())
  }

  override entries(): MapIterator<[string, V]> {
    return this.#walk().entries()
  }

  override keys(): MapIterator<string> {
    return this.#walk().keys()
  }

  override values(): MapIterator<V> {
    return this.#walk().values()
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries()
  }

  override forEach(each: (value: V, key: string, map: Map<string, V>) => void, thisArg?: unknown): void {
    this.#walk().forEach(each, thisArg)
  }

  override set(): never {
    throw new TypeError('read-only: copy it with new Map(map).')
  }

  override delete(): never {
    return this.set()
  }

  override clear(): never {
    return this.set()
  }

  /** Test libraries compare a `Map` with a `Map` only. */
  override get ['constructor'](): MapConstructor {
    return Map
  }
}

function copied<V>(this: Map<string, V>): Map<string, V> {
  return new Map(this)
}

const applied = <V>(store: Map<string, V>, edits: Edits<V>): Map<string, V> => {
  for (const [key, value] of edits)
    if (value === undefined) store.delete(key)
    else store.set(key, value)
  return store
}

/**
 * A Map with the edits, which no later edit changes; the same one if there are none. Costs as much as there are edits
 * if the Map comes from here, on average; another one is copied.
 */
export const editMap = <V>(map: ReadonlyMap<string, V>, edits: Edits<V>): ReadonlyMap<string, V> =>
  edits.size === 0 ? map : PersistentMap.edit(map, edits)
