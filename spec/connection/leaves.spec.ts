import { Subscription } from 'rxjs'
import { Leaves } from '../../lib/connection/leaves.ts'

const clock = (): { now: () => number; atMs: number } => {
  const it = { atMs: 1_000_000, now: () => it.atMs }
  return it
}

describe('the joins that have been left', () => {
  it('count until the server has closed them, which answers no leave later', () => {
    const leaves = new Leaves(clock())
    const [a, b] = [new Subscription(), new Subscription()]
    leaves.add('1', a)
    leaves.add('2', b)
    expect(leaves.size).toBe(2)
    expect([leaves.delete('1'), leaves.delete('1'), leaves.delete('3')]).toEqual([true, false, false])
    expect(leaves.size).toBe(1)
    expect([a.closed, b.closed]).toEqual([true, false])
  })

  it('count for 10 s on a server that does not close them', () => {
    const time = clock()
    const leaves = new Leaves(time)
    const reply = new Subscription()
    leaves.add('1', reply)
    time.atMs += 9_999
    leaves.add('2', new Subscription())
    expect(leaves.size).toBe(2)
    time.atMs += 1
    expect(leaves.size).toBe(1)
    expect(reply.closed).toBe(true)
    expect([leaves.delete('1'), leaves.delete('2')]).toEqual([false, true])
  })

  it('are bounded by how many leave within 10 s', () => {
    const time = clock()
    const leaves = new Leaves(time)
    let most = 0
    for (let i = 0; i < 100_000; i++) {
      time.atMs += 100
      leaves.add(String(i), new Subscription())
      most = Math.max(most, leaves.size)
    }
    expect(most).toBeLessThanOrEqual(100)
  })

  it('are forgotten in time also after the clock was set back', () => {
    const time = clock()
    const leaves = new Leaves(time)
    leaves.add('0', new Subscription())
    time.atMs -= 500_000
    leaves.add('1', new Subscription())
    time.atMs += 20_000
    expect(leaves.size).toBe(0)
  })
})
