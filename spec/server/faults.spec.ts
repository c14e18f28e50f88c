import { type Faults, type FrameInTransit, randomFaults } from '../../lib/server/index.ts'
import { faultyBench } from './faulty-bench.ts'
import { type RawClient, reply } from './raw-client.ts'

const { joined } = faultyBench()

const echo = (client: RawClient, ref: number): void => {
  client.send(['1', String(ref), 'room:a', 'echo', { ref }])
}
const answer = (ref: number): unknown => reply('1', String(ref), 'room:a', 'ok', { ref })
const concerns = (text: string, direction: 'in' | 'out') => (transit: FrameInTransit) =>
  transit.direction === direction && String(transit.frame).includes(text)

describe('faults', () => {
  it.each(['in', 'out'] as const)('drop a frame on its way %s', async (direction) => {
    const lost = concerns('"2"', direction)
    const client = await joined({ frame: (transit) => (lost(transit) ? 'drop' : 'pass') })
    echo(client, 2)
    echo(client, 3)
    expect(await client.next()).toEqual(answer(3))
  })

  it('delay a frame and those after it, in order', async () => {
    const late = concerns('"2"', 'out')
    const client = await joined({ frame: (transit) => (late(transit) ? { delayMs: 20 } : 'pass') })
    for (const ref of [2, 3, 4]) echo(client, ref)
    expect(await client.take(3)).toEqual([answer(2), answer(3), answer(4)])
  })

  it('keep the order also when they are taken away while a frame is late', async () => {
    const client = await joined({ frame: () => ({ delayMs: 10 }) })
    echo(client, 2)
    client.server.injectFaults({})
    echo(client, 3)
    expect(await client.take(2)).toEqual([answer(2), answer(3)])
  })

  it('damage incoming frames, which are then invalid', async () => {
    const client = await joined({ frame: ({ direction }) => (direction === 'in' ? 'garble' : 'pass') })
    echo(client, 2)
    expect(await client.closed).toBe(1011)
  })

  it('replace a frame', async () => {
    const client = await joined({
      frame: ({ direction }) => (direction === 'out' ? { replaceWith: '"other"' } : 'pass'),
    })
    echo(client, 2)
    expect(await client.next()).toBe('other')
  })

  it('cut the connection without a close frame', async () => {
    const client = await joined({ frame: ({ direction }) => (direction === 'out' ? 'cut' : 'pass') })
    echo(client, 2)
    expect(await client.closed).toBe(1006)
    const other = await joined()
    for (const connection of other.server.connections()) connection.kill()
    expect(await other.closed).toBe(1006)
  })

  it('freeze a connection, which then handles what came meanwhile', async () => {
    const client = await joined()
    const [connection] = client.server.connections()
    connection?.freeze(40)
    const frozenAt = performance.now()
    echo(client, 2)
    client.server.broadcast('room:a', 'news', {})
    expect(await client.take(2)).toEqual([[null, null, 'room:a', 'news', {}], answer(2)])
    expect(performance.now() - frozenAt).toBeGreaterThan(30) // time is the subject
  })

  it.each<readonly [string, () => unknown]>([
    ['a promise', () => Promise.resolve('pass')],
    ['a promise that rejects', () => Promise.reject(new Error('oops'))],
    ['true', () => true],
    ['null', () => null],
    ['an invalid word', () => 'nonsense'],
    ['an object of nothing', () => ({})],
    ['a delay that is no number', () => ({ delayMs: 'long' })],
    ['a delay of NaN', () => ({ delayMs: NaN })],
    ['a replacement that is no frame', () => ({ replaceWith: 7 })],
    [
      'an error',
      () => {
        throw new Error('oops')
      },
    ],
  ])('let a frame pass for which the function gives %s', async (_name, give) => {
    const client = await joined({ frame: give as NonNullable<Faults['frame']> })
    echo(client, 2)
    expect(await client.next()).toEqual(answer(2))
  })

  it.each([() => Promise.resolve(5), () => '5', () => NaN])('do not hold back a join by %s', async (give) => {
    const client = await joined({ joinDelayMs: give as unknown as () => number })
    client.send(['2', '2', 'room:b', 'phx_join', {}])
    expect(await client.next()).toEqual(reply('2', '2', 'room:b', 'ok', {}))
  })

  it('slow joins down, and hold up the connection meanwhile', async () => {
    const client = await joined({ joinDelayMs: (topic) => (topic === 'room:slow' ? 30 : 0) })
    client.send(['2', '2', 'room:slow', 'phx_join', {}])
    echo(client, 3)
    expect(await client.take(2)).toEqual([reply('2', '2', 'room:slow', 'ok', {}), answer(3)])
  })

  it('leave nothing behind when the server ends in the middle of all of them', async () => {
    const client = await joined({ frame: () => ({ delayMs: 60_000 }), joinDelayMs: 60_000 })
    echo(client, 2)
    client.send(['2', '2', 'room:slow', 'phx_join', {}])
    client.server.connections()[0]?.freeze(60_000)
    client.server.refuseConnections(true, 60_000)
    await client.server.close() // a timer left over would keep the test run from ending
    expect(await client.closed).toBe(1012)
  })
})

describe('random faults', () => {
  const transit = { direction: 'out', frame: 'abcd', socket: {} } as FrameInTransit
  const sequence = (seed: number): unknown[] => {
    const next = randomFaults({ seed, drop: 0.2, garble: 0.2, delay: 0.2 })
    return Array.from({ length: 50 }, () => next(transit))
  }

  it('are the same for the same seed', () => {
    expect(sequence(7)).toEqual(sequence(7))
    expect(sequence(7)).not.toEqual(sequence(8))
    expect(new Set(sequence(7).map((fault) => (typeof fault === 'object' ? 'delay' : fault)))).toEqual(
      new Set(['pass', 'drop', 'garble', 'delay']),
    )
  })

  it('concern only the frames that they are meant for', () => {
    expect(randomFaults({ seed: 1, drop: 1, only: ({ direction }) => direction === 'in' })(transit)).toBe(
      'pass',
    )
  })

  it('reject invalid probabilities', () => {
    expect(() => randomFaults({ seed: 1, drop: 2 })).toThrow('drop')
    expect(() => randomFaults({ seed: 1, drop: 0.6, cut: 0.6 })).toThrow('together')
  })
})
