import FakeTimers, { type Clock } from '@sinonjs/fake-timers'
import { jest } from '@jest/globals'
import { firstValueFrom } from 'rxjs'
import { type phoenixSocket as open } from '../../lib/index.ts'
import { type BareServer, bareServer } from './bare-server.ts'

let sinon: Clock | undefined
const useSinon = (): void => {
  sinon = FakeTimers.install()
}

/** Each replaces `process.nextTick` and `queueMicrotask` besides the timers. */
const waysToFake = [
  ['jest', () => jest.useFakeTimers()],
  ['jest, legacy', () => jest.useFakeTimers({ legacyFakeTimers: true })],
  ['sinon', useSinon],
] as const

describe('under fake timers that nobody advances', () => {
  let server: BareServer
  beforeEach(async () => {
    jest.resetModules()
    // Without timers of its own, since it shares those that are replaced.
    server = await bareServer({
      onSocket: (socket) => {
        socket.on('message', (data: Buffer) => {
          const [joinRef, ref, topic, , response] = JSON.parse(data.toString()) as unknown[]
          socket.send(JSON.stringify([joinRef, ref, topic, 'phx_reply', { status: 'ok', response }]))
        })
      },
    })
  })
  afterEach(async () => {
    jest.useRealTimers()
    sinon?.uninstall()
    sinon = undefined
    await server.close()
  })

  const pushOnce = ({ phoenixSocket }: { phoenixSocket: typeof open }): Promise<unknown> =>
    firstValueFrom(phoenixSocket(`${server.url}/socket`).channel('room:a').push('ping', { n: 1 }))

  it.each(waysToFake)('joins and pushes over ws (%s), imported before', async (_name, fake) => {
    const library = await import('../../lib/index.ts')
    fake()

    expect(await pushOnce(library)).toEqual({ n: 1 })
  })

  it.each(waysToFake)('joins and pushes over ws (%s), imported after', async (_name, fake) => {
    fake()
    const library = await import('../../lib/index.ts')

    expect(await pushOnce(library)).toEqual({ n: 1 })
  })
})
