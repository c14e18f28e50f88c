/**
 * Starts something before all specs of the block, or before each, and closes it after them. Each has hooks of its own, so it is
 * closed also when a spec fails or what comes after it does not start; a browser left behind would keep the run from ending.
 * Gives a function for what is running.
 */
export const running = <A extends { close(): Promise<unknown> }>(
  start: () => Promise<A>,
  times: 'once' | 'each' = 'once',
): (() => A) => {
  let started: A | undefined
  const before = times === 'once' ? beforeAll : beforeEach
  const after = times === 'once' ? afterAll : afterEach
  before(async () => {
    started = await start()
  })
  after(async () => {
    await started?.close()
    started = undefined
  })
  return () => {
    if (!started) throw new Error('it is not running: ask within a spec or a hook after its own')
    return started
  }
}
