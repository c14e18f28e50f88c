import { type Consumer, startConsumer } from './support/consumer.ts'

/** Starts a server, pushes once, and leaves nothing open: were that not so, the process would not end. */
const program = `
const main = async () => {
  const server = await phoenixServer({
    port: 0,
    sockets: {
      '/socket': {
        channels: { 'room:*': { join: () => ok({}), handleIn: { echo: (payload) => ok(payload) } } },
      },
    },
  })
  const room = phoenixSocket(server.url + '/socket').channel('room:lobby')
  console.log(JSON.stringify(await firstValueFrom(room.push('echo', { hello: 'package' }))))
  await server.close()
  console.log(typeof liveState, typeof fakePhoenix)
}
main()
`
const names = [
  ['{ firstValueFrom }', 'rxjs'],
  ['{ phoenixSocket }', 'rx-phoenix'],
  ['{ liveState }', 'rx-phoenix/live-state'],
  ['{ ok, phoenixServer }', 'rx-phoenix/server'],
  ['{ fakePhoenix }', 'rx-phoenix/testing'],
] as const
const imports = names.map(([what, from]) => `import ${what} from '${from}'`).join('\n')
const requires = names.map(([what, from]) => `const ${what} = require('${from}')`).join('\n')
const printed = '{"hello":"package"}\nfunction function\n'

describe('the packed package in Node', () => {
  let consumer: Consumer

  beforeAll(async () => {
    // The oldest rxjs that is supported.
    consumer = await startConsumer({ '@angular/core': '21.2.26', '@ngrx/signals': '21.1.1', rxjs: '7.8.0' })
  })
  afterAll(() => consumer.remove())

  it('talks to its own server as ES modules, and ends by itself', async () => {
    await consumer.write('program.mjs', imports + program)
    expect(await consumer.node('program.mjs')).toBe(printed)
  })

  it('talks to its own server as CommonJS, and ends by itself', async () => {
    await consumer.write('program.cjs', requires + program)
    expect(await consumer.node('program.cjs')).toBe(printed)
  })

  it('may be loaded in both forms by one program, whose parts fit each other', async () => {
    await consumer.write(
      'mixed.mjs',
      `import { createRequire } from 'node:module'
import { phoenixSocket } from 'rx-phoenix'
const require = createRequire(import.meta.url)
const { metrics, presence } = require('rx-phoenix')
const { liveState } = require('rx-phoenix/live-state')
const socket = phoenixSocket('ws://localhost/socket')
const channel = socket.channel('a')
for (const made of [metrics(socket), presence(channel), liveState(channel, { dialect: 'seance' })])
  console.log(typeof made.subscribe)`,
    )
    expect(await consumer.node('mixed.mjs')).toBe('function\nfunction\nfunction\n')
  })

  it('has the entry for Angular as an ES module', async () => {
    await consumer.write(
      'angular.mjs',
      `import * as angular from 'rx-phoenix/angular'\nconsole.log(Object.keys(angular).sort().join(' '))`,
    )
    expect(await consumer.node('angular.mjs')).toBe(
      'PHOENIX_SOCKET PhoenixTestingController channelResource channelToken injectChannel injectConnection ' +
        'injectPhoenixSocket liveStateResource presenceResource providePhoenixSocket providePhoenixTesting pushSignal\n',
    )
  })

  it('has the entry for NgRx as an ES module, on the names of that for Angular', async () => {
    await consumer.write(
      'ngrx.mjs',
      `import * as ngrx from 'rx-phoenix/ngrx'\nconsole.log(Object.keys(ngrx).sort().join(' '))`,
    )
    expect(await consumer.node('ngrx.mjs')).toBe(
      'actionsOf errorFacts withChannel withConnection withLiveState withOutbox withPresence\n',
    )
  })

  it('has the command line', async () => {
    expect(await consumer.node('node_modules/.bin/rx-phoenix', '--help')).toContain('tail')
  })
})
