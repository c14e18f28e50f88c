import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { type Consumer, startConsumer } from './support/consumer.ts'

/** A client of somebody whose tests run under fake timers. Nobody advances them. */
const tests = (url: string): string => `
import { firstValueFrom } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.useRealTimers()
})

// But process.nextTick, by which the sockets of Node itself work: without it a bare ws hears nothing either.
const everything = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'Date',
  'performance', 'queueMicrotask']

test.each([
  ['those that vitest fakes by default', undefined],
  ['besides those queueMicrotask', { toFake: everything }],
])('a push goes out and is answered under fake timers: %s', async (_which, options) => {
  vi.useFakeTimers(options)
  expect(vi.isFakeTimers()).toBe(true)
  const room = phoenixSocket('${url}/socket').channel('room:vitest')

  expect(await firstValueFrom(room.push('echo', { body: 'hi' }))).toEqual({ body: 'hi' })
  expect(vi.isFakeTimers()).toBe(true)
})

test('a push times out when the fake timers say so', async () => {
  vi.useFakeTimers()
  const room = phoenixSocket('${url}/socket').channel('room:vitest')
  const held = room.subscribe()
  const reply = firstValueFrom(room.push('noreply', {}, { timeoutMs: 5000 })).catch(({ _tag, sent }) => [_tag, sent])
  // Answered on the real network, and so behind the push in the order of the line.
  await firstValueFrom(room.push('echo', {}))

  vi.advanceTimersByTime(4999)
  vi.advanceTimersByTime(1)
  expect(await reply).toEqual(['PushTimeout', true])
  held.unsubscribe()
})
`

describe('the packed package in vitest', () => {
  let consumer: Consumer
  let app: ContractApp

  beforeAll(async () => {
    app = await startContractApp()
    consumer = await startConsumer({ vitest: '4.1.12' })
    await consumer.write('client.test.mjs', tests(app.url))
  })
  afterAll(async () => {
    await app.close()
    await consumer.remove()
  })

  it('pushes and hears the answer under fake timers', async () => {
    await expect(consumer.run('node_modules/.bin/vitest', 'run')).resolves.toContain('passed')
  })
})
