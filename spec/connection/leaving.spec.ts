import { Leaving } from '../../lib/connection/leaving.ts'

const clock = (): { now: () => number; atMs: number } => {
  const it = { atMs: 1_000_000, now: () => it.atMs }
  return it
}

describe('the joins that have been left', () => {
  it('count until the server has closed them', () => {
    const leaving = new Leaving(clock())
    leaving.add('1', 'a')
    leaving.add('2', 'b')
    expect(leaving.size).toBe(2)
    expect([leaving.delete('1'), leaving.delete('1'), leaving.delete('3')]).toEqual([true, false, false])
    expect(leaving.size).toBe(1)
  })

  it('await the answer to a leave, which may come without the close, or the close without the answer', () => {
    const leaving = new Leaving(clock())
    leaving.add('1', 'a')
    leaving.add('2', 'b')
    leaving.add('3', 'c')
    expect([leaving.answered('a', 'ok'), leaving.answered('a', 'ok'), leaving.answered('x', 'ok')]).toEqual([
      true,
      false,
      false,
    ])
    expect([leaving.size, leaving.awaited]).toEqual([3, 2])
    leaving.delete('2')
    expect([leaving.size, leaving.awaited]).toEqual([2, 1])
    leaving.answered('c', 'error')
    expect([leaving.size, leaving.awaited]).toEqual([1, 0])
  })

  it('count for 10 to 20 s on a server that does not say so', () => {
    const time = clock()
    const leaving = new Leaving(time)
    time.atMs += 9_999
    leaving.add('1', 'a')
    time.atMs += 1
    expect(leaving.size).toBe(1)
    time.atMs += 9_999
    expect(leaving.size).toBe(1)
    expect(leaving.delete('1')).toBe(true)
    leaving.add('2', 'b')
    time.atMs += 20_000
    expect(leaving.size).toBe(0)
    expect(leaving.delete('2')).toBe(false)
  })

  it('are bounded by how many leave within 20 s', () => {
    const time = clock()
    const leaving = new Leaving(time)
    let most = 0
    for (let i = 0; i < 100_000; i++) {
      time.atMs += 100
      leaving.add(String(i), `leave ${i}`)
      most = Math.max(most, leaving.size, leaving.awaited)
    }
    expect(most).toBeLessThanOrEqual(200)
  })

  it('are forgotten in time also after the clock was set back', () => {
    const time = clock()
    const leaving = new Leaving(time)
    time.atMs -= 500_000
    leaving.add('1', 'a')
    time.atMs += 20_000
    expect(leaving.size).toBe(0)
  })
})
