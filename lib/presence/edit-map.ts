// Pure, or a bundler would keep it where nobody uses it.
const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom')

/** Keys and their new values; undefined takes the key out. */
export type Edits<V> = ReadonlyMap<string, V | undefined>

/** One version of a map: the newest has the store, an older one leads to the next. */
interface Version<V> {
  store?: Map<string, V> | undefined
  newer?: Version<V> | undefined
  /** What makes this version of the newer one. */
  undo?: Edits<V> | undefined
  /** How many edits were made since the store was copied. */
  readonly edits: number
}

const first = <V>(map: ReadonlyMap<string, V>): Version<V> => ({ store: new Map(map), edits: 0 })

const edited = <V>(version: Version<V>, edits: Edits<V>): Version<V> => {
  const store = read(version)
  const count = version.edits + edits.size
  if (count > store.size) return { store: applied(new Map(store), edits), edits: 0 }
  const undo: Map<string, V | undefined> = new Map()
  for (const key of edits.keys()) undo.set(key, store.get(key))
  version.store = undefined
  version.undo = undo
  return (version.newer = { store: applied(store, edits), edits: count })
}

const read = <V>(version: Version<V>): Map<string, V> => {
  if (version.store) return version.store
  const undos: Edits<V>[] = []
  let at = version
  while (at.newer && at.undo) {
    undos.push(at.undo)
    at = at.newer
  }
  version.newer = undefined
  return (version.store = undos.reduceRight(applied, new Map(at.store)))
}

/**
 * A Map that is never changed: `edit` gives another one, at a cost that is proportional to the edits.
 *
 * All versions share one store, which belongs to the newest; an older version knows the next one and what to undo. It
 * gets a store of its own when it is read, so a version that nobody reads costs next to nothing. After as many edits
 * as there are keys the store is copied and the chain cut, so that holding an old version retains no more than that.
 *
 * The order of keys is not promised: an older version may have another one once a newer has been made.
 *
 * It passes for a `Map` (`instanceof`, the keyvalue pipe of Angular, test libraries), but holds nothing as a
 * `Map` itself: before `structuredClone` or `postMessage` copy it with `new Map(map)`.
 */
class PersistentMap<V> extends Map<string, V> {
  declare private readonly version: Version<V>

  constructor(version: Version<V>) {
    super()
    // Hidden, or test libraries would compare it as a field of the map. A `#version` would throw behind a Proxy.
    Object.defineProperty(this, 'version', { value: version })
  }

  /** Test libraries compare a `Map` with a `Map` only. */
  override get ['constructor'](): MapConstructor {
    return Map
  }

  static edit<V>(map: ReadonlyMap<string, V>, edits: Edits<V>): PersistentMap<V> {
    // What console.log of Node shows. Not a method: a class with a computed name is kept by bundlers too.
    if (!(INSPECT in this.prototype)) Object.defineProperty(this.prototype, INSPECT, { value: copied })
    const version = map instanceof PersistentMap ? (map as PersistentMap<V>).version : first(map)
    return new PersistentMap(edited(version, edits))
  }

  private read(): Map<string, V> {
    return read(this.version)
  }

  override get size(): number {
    return this.read().size
  }

  override get(key: string): V | undefined {
    return this.read().get(key)
  }

  override has(key: string): boolean {
    return this.read().has(key)
  }

  /** A walk that has begun sees the Map as it was, also if there is a newer version before it ends. */
  private walk(): Map<string, V> {
    return new Map(this.read())
  }

  override entries(): MapIterator<[string, V]> {
    return this.walk().entries()
  }

  override keys(): MapIterator<string> {
    return this.walk().keys()
  }

  override values(): MapIterator<V> {
    return this.walk().values()
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries()
  }

  override forEach(each: (value: V, key: string, map: Map<string, V>) => void, thisArg?: unknown): void {
    this.walk().forEach(each, thisArg)
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
