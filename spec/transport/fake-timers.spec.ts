import FakeTimers, { type Clock } from '@sinonjs/fake-timers'
import { jest } from '@jest/globals'
import { firstValueFrom } from 'rxjs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type * as Library from '../../lib/index.ts'
import { type phoenixSocket as open } from '../../lib/index.ts'
import { type BareServer, bareServer } from './bare-server.ts'

let sinon: Clock | undefined
const useSinon = (): void => {
  sinon = FakeTimers.install({ shouldClearNativeTimers: true })
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

/** A server for one long-poll session, without timers. Each reply comes behind another message in the same answer. */
const longPollServer = async (): Promise<Server> => {
  const messages: string[] = []
  let waiting: ServerResponse | undefined
  const answer = (response: ServerResponse, body: object): void => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  }
  const deliver = (): void => {
    if (!waiting || messages.length === 0) return
    answer(waiting, { status: 200, token: 't', messages: messages.splice(0) })
    waiting = undefined
  }
  const server = createServer((request, response) => {
    if (request.method === 'POST')
      void text(request).then((body) => {
        for (const line of body.split('\n')) {
          const [joinRef, ref, topic, , payload] = JSON.parse(line) as unknown[]
          messages.push(JSON.stringify([joinRef, null, topic, 'noise', {}]))
          messages.push(
            JSON.stringify([joinRef, ref, topic, 'phx_reply', { status: 'ok', response: payload }]),
          )
        }
        answer(response, { status: 200 })
        deliver()
      })
    else if (!request.url?.includes('token=')) answer(response, { status: 410, token: 't', messages: [] })
    else {
      waiting = response
      deliver()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

describe('long polling under fake timers that nobody advances', () => {
  let server: Server
  beforeEach(async () => {
    jest.resetModules()
    server = await longPollServer()
  })
  afterEach(async () => {
    jest.useRealTimers()
    sinon?.uninstall()
    sinon = undefined
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const pushOnce = ({ phoenixSocket, longPollTransport }: typeof Library): Promise<unknown> => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/socket`
    const socket = phoenixSocket(url, { transport: longPollTransport() })
    return firstValueFrom(socket.channel('room:a').push('ping', { n: 1 }))
  }

  it.each(waysToFake)('joins and pushes (%s), imported before', async (_name, fake) => {
    const library = await import('../../lib/index.ts')
    fake()

    expect(await pushOnce(library)).toEqual({ n: 1 })
  })

  it.each(waysToFake)('joins and pushes (%s), imported after', async (_name, fake) => {
    fake()
    const library = await import('../../lib/index.ts')

    expect(await pushOnce(library)).toEqual({ n: 1 })
  })
})
