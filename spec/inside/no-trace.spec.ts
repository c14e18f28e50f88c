import { jest } from '@jest/globals'
import { asyncScheduler, firstValueFrom, type SchedulerLike } from 'rxjs'
import { metrics, phoenixSocket, type SocketOptions, traceTo } from '../../lib/index.ts'
import { fakePhoenix } from '../../lib/testing/index.ts'

/** The clock readings that ten pushes cost, on the clock of the scheduler and on that of the machine, and characters measured. */
const costOf = async (
  options: SocketOptions,
  around: (socket: ReturnType<typeof phoenixSocket>) => void = () => undefined,
): Promise<{ readonly scheduler: number; readonly machine: number; readonly measured: number }> => {
  const now = jest.fn(() => asyncScheduler.now())
  const scheduler: SchedulerLike = { now, schedule: asyncScheduler.schedule.bind(asyncScheduler) }
  const socket = phoenixSocket('ws://localhost/socket', {
    transport: fakePhoenix().transport,
    scheduler,
    ...options,
  })
  around(socket)
  const room = socket.channel('room:a')
  const held = room.on('news').subscribe()
  const machine = jest.spyOn(performance, 'now')
  const measured = jest.spyOn(String.prototype, 'codePointAt')
  try {
    now.mockClear()
    for (let i = 0; i < 10; i += 1) await firstValueFrom(room.push('hello', { i }))
    return {
      scheduler: now.mock.calls.length,
      machine: machine.mock.calls.length,
      measured: measured.mock.calls.length,
    }
  } finally {
    held.unsubscribe()
    machine.mockRestore()
    measured.mockRestore()
  }
}

describe('a socket without a trace', () => {
  /** For its deadline, and when its subscriber went: what a push reads the clock for anyway. */
  const anyway = 10 * 2

  it('reads no clock and measures nothing for it', async () => {
    const { scheduler, ...rest } = await costOf({})
    expect(scheduler).toBeLessThanOrEqual(anyway)
    expect(rest).toEqual({ machine: 0, measured: 0 })
  })

  it('does so as soon as somebody wants one, which shows that this test can see it', async () => {
    const traced = await costOf({ trace: traceTo(() => undefined) })
    expect(traced.scheduler).toBeGreaterThanOrEqual(10 * 6)
    expect(traced.machine).toBe(10 * 4)
    expect(traced.measured).toBeGreaterThan(10 * 2)
  })

  it('does nothing again once its metrics have been unsubscribed', async () => {
    const { scheduler, ...rest } = await costOf({}, (socket) => {
      metrics(socket).subscribe().unsubscribe()
    })
    expect(scheduler).toBeLessThanOrEqual(anyway)
    expect(rest).toEqual({ machine: 0, measured: 0 })
  })

  it('reads clocks for metrics, and makes no text of a frame for them', async () => {
    const metered = await costOf({}, (socket) => metrics(socket).subscribe())
    expect(metered.machine).toBe(10 * 4)
    expect(metered.measured).toBe(0)
  })
})
