const KEPT = '__zone_symbol__'

/** zone.js keeps what it replaces under another name. */
const unpatch = (prototype: Record<string, unknown>): void => {
  for (const key of Object.keys(prototype).filter((name) => name.startsWith(KEPT))) {
    const name = key.slice(KEPT.length)
    if (prototype[key] === undefined) Reflect.deleteProperty(prototype, name)
    else prototype[name] = prototype[key]
    Reflect.deleteProperty(prototype, key)
  }
}

/**
 * For files that import zone.js, which patches the prototypes of EventTarget and Event. Jest shares these among all files that
 * a process runs, so later files would run through a zone that is gone, and print warnings.
 */
export const withoutZoneAfter = (): void => {
  afterAll(() => {
    for (const { prototype } of [EventTarget, Event]) unpatch(prototype as unknown as Record<string, unknown>)
    expect(String(Object.getOwnPropertyNames(EventTarget.prototype))).not.toMatch(/zone|eventListeners/)
  })
}
