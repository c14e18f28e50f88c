import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { type Consumer, startConsumer } from './support/consumer.ts'

const config = {
  testEnvironment: 'jsdom',
  // The file is no module for Babel to make one of.
  transform: {},
}

/** Both forms of the package by which Jest may load it, and the WebSocket of jsdom besides a fake transport. */
const tests = (url: string): string => `
const { firstValueFrom } = require('rxjs')
const { phoenixSocket, whenJoined } = require('rx-phoenix')
const { fakePhoenix } = require('rx-phoenix/testing')
const { liveState } = require('rx-phoenix/live-state')

test('there is no encoder here, which is the case under test', () => {
  expect([typeof window, typeof TextEncoder, typeof TextDecoder]).toEqual(['object', 'undefined', 'undefined'])
})

test('joins and pushes over a fake transport', async () => {
  const { transport, sent$ } = fakePhoenix()
  const sent = []
  sent$.subscribe(({ event, payload }) => sent.push([event, payload]))
  const room = phoenixSocket('/socket', { transport, authToken: 'tökén' }).channel('room:ä', { params: { n: 1 } })

  expect(await firstValueFrom(room.push('ping', { body: '✓' }))).toEqual({})
  expect(sent).toEqual([['phx_join', { n: 1 }], ['ping', { body: '✓' }], ['phx_leave', {}]])
})

test('follows a live state over a fake transport', () => {
  const { transport } = fakePhoenix()
  const socket = phoenixSocket('/socket', { transport })
  const statuses = []
  liveState(socket.channel('todos'), { dialect: 'seance' }).status$.subscribe((status) => statuses.push(status)).unsubscribe()
  expect(statuses).toEqual(['loading'])
})

test('joins, pushes, and sends bytes over the WebSocket of jsdom', async () => {
  const room = phoenixSocket('${url}/socket').channel('room:jsdom')
  const held = room.subscribe()
  await whenJoined(room)

  expect(await firstValueFrom(room.push('echo', { body: '✓' }))).toEqual({ body: '✓' })
  const bytes = await firstValueFrom(room.push('binary_echo', Uint8Array.of(1, 2, 255)))
  expect([...new Uint8Array(bytes)]).toEqual([1, 2, 255])
  held.unsubscribe()
})
`

/** The oldest and the newest that are in use, with what Jest calls its environment. */
describe.each(['29.7.0', '30.5.2'])('the packed package in Jest %s with jsdom', (version) => {
  let consumer: Consumer
  let app: ContractApp

  beforeAll(async () => {
    app = await startContractApp()
    consumer = await startConsumer({ jest: version, 'jest-environment-jsdom': version })
    await consumer.write('jest.config.json', JSON.stringify(config))
    await consumer.write('client.test.js', tests(app.url))
  })
  afterAll(async () => {
    await app.close()
    await consumer.remove()
  })

  it('is imported where there are no encoders, connects and pushes', async () => {
    await expect(consumer.run('node_modules/.bin/jest', '--ci')).resolves.toBeDefined()
  })
})
