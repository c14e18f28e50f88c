import { firstValueFrom, NEVER, Subject, VirtualTimeScheduler } from 'rxjs'
import { InvalidArgument, phoenixSocket, singleFlight } from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'

/** A token endpoint whose answers are given by hand. */
const authService = () => {
  const asked: { signal: AbortSignal; resolve: (token: string) => void; reject: (error: unknown) => void }[] =
    []
  const refresh = (signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => asked.push({ signal, resolve, reject }))
  return { asked, refresh }
}

describe('singleFlight', () => {
  it('gives all concurrent calls the outcome of one run, and starts another once it has settled', async () => {
    const { asked, refresh } = authService()
    const token = singleFlight(refresh)
    const both = Promise.all([token(), token()])
    expect(asked).toHaveLength(1)
    asked[0]?.resolve('one')
    expect(await both).toEqual(['one', 'one'])

    const next = token()
    expect(asked).toHaveLength(2)
    asked[1]?.resolve('two')
    expect(await next).toBe('two')
  })

  it('starts another after a run that failed', async () => {
    const { asked, refresh } = authService()
    const token = singleFlight(refresh)
    const failing = token()
    asked[0]?.reject(new Error('logged out'))
    await expect(failing).rejects.toThrow('logged out')

    const next = token()
    asked[1]?.resolve('two')
    expect(await next).toBe('two')
  })

  it('rejects with what its function throws, and takes plain values', async () => {
    const results = [
      () => {
        throw new Error('no storage')
      },
      () => 'plain',
    ]
    const token = singleFlight(() => results.shift()?.())
    await expect(token()).rejects.toThrow('no storage')
    expect(await token()).toBe('plain')
  })

  it('aborts a run that hangs, and starts another, which the result of the old one does not affect', async () => {
    const scheduler = new VirtualTimeScheduler()
    const { asked, refresh } = authService()
    const token = singleFlight(refresh, { hungAfterMs: 10, scheduler })
    const hung = token()
    scheduler.frame = 9
    void token()
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false])
    scheduler.frame = 10
    const next = token()
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false])

    asked[0]?.reject(new Error('aborted'))
    await expect(hung).rejects.toThrow('aborted')
    const joining = token()
    asked[1]?.resolve('two')
    expect(await Promise.all([next, joining])).toEqual(['two', 'two'])
    expect(asked).toHaveLength(2)
  })

  it('does not make a run that nobody waits for an unhandled rejection', async () => {
    const unhandled = new Subject<unknown>()
    const hear = (reason: unknown): void => {
      unhandled.next(reason)
    }
    process.once('unhandledRejection', hear)
    const { asked, refresh } = authService()
    const token = singleFlight(refresh, { hungAfterMs: 1 })
    const abandoned = token()
    abandoned.catch(() => undefined)
    asked[0]?.reject(new Error('nobody listens'))
    const turn = new Promise((resolve) => setImmediate(resolve, 'quiet'))
    expect(await Promise.race([firstValueFrom(unhandled), turn])).toBe('quiet')
    process.removeListener('unhandledRejection', hear)
  })

  it.each([0, -1, NaN])('refuses %p as a time', (hungAfterMs) => {
    expect(() => singleFlight(() => 1, { hungAfterMs })).toThrow(InvalidArgument)
  })
})

describe('an auth token of one flight', () => {
  /** Lets all Promises that can settle do so. */
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  it('runs once for attempts that are abandoned, and serves the attempt that waits when it settles', async () => {
    const scheduler = new VirtualTimeScheduler()
    const { asked, refresh } = authService()
    const tokens: (string | undefined)[] = []
    const states: string[] = []
    const fake = fakePhoenix({ link: () => NEVER })
    fake.targets$.subscribe(({ authToken }) => tokens.push(authToken))
    const socket = phoenixSocket('ws://localhost/socket', {
      authToken: singleFlight(refresh, { scheduler }),
      transport: fake.transport,
      connectTimeoutMs: 10,
      reconnect: () => 5,
      scheduler,
    })
    const subscription = socket.subscribe(({ status }) => states.push(status))
    scheduler.maxFrames = 32
    scheduler.flush()
    await turn()
    expect(states).toEqual(['connecting', 'waiting', 'connecting', 'waiting', 'connecting'])
    expect(asked).toHaveLength(1)

    asked[0]?.resolve('fresh')
    await turn()
    expect(tokens).toEqual(['fresh'])
    subscription.unsubscribe()
  })

  it('is asked for once by several connections of a socket', async () => {
    const { asked, refresh } = authService()
    const fake = fakePhoenix()
    const targets: (string | undefined)[] = []
    fake.targets$.subscribe(({ authToken }) => targets.push(authToken))
    const socket = phoenixSocket('ws://localhost/socket', {
      authToken: singleFlight(refresh),
      transport: fake.transport,
      channelsPerConnection: 1,
    })
    const joins = Promise.all(
      ['a', 'b', 'c'].map((topic) => firstValueFrom(socket.channel(topic).push('hi'))),
    )
    expect(asked).toHaveLength(1)
    asked[0]?.resolve('shared')
    await joins
    expect(targets).toEqual(['shared', 'shared', 'shared'])
  })
})
