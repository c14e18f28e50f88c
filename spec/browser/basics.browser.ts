import { startContractApp } from '../contract-app/index.ts'
import { running } from '../support/running.ts'
import { engines } from './support/engines.ts'
import { bundle, startSite } from './support/site.ts'

describe.each(engines)('in %s, under a strict Content-Security-Policy', (_name, start) => {
  const browser = running(start)
  const site = running(startSite)
  const app = running(startContractApp)
  const tab = running(() => browser().newPage(), 'each')

  const open = async (options: object = {}): Promise<void> => {
    await tab().goto(site().url)
    await tab().evaluate(`lab.open(${JSON.stringify({ url: `${app().url}/socket`, ...options })})`)
  }

  it('connects, joins, pushes and receives', async () => {
    await open()
    await tab().evaluate(`lab.told('room joined')`)
    expect(await tab().evaluate(`lab.push('echo', { hello: 'browser' })`)).toEqual({ hello: 'browser' })
    await tab().evaluate(`lab.push('broadcast', { to: 'all' })`)
    expect(await tab().evaluate(`lab.told('broadcasted {"to":"all"}')`)).toContain('room joined')
  })

  it('pushes bytes, and gets bytes', async () => {
    await open()
    expect(await tab().evaluate(`lab.pushBytes('binary_echo', [0, 1, 254, 255])`)).toEqual([0, 1, 254, 255])
  })

  it('carries an auth token as a sub-protocol', async () => {
    await open({ authToken: 'tökén' })
    expect(await tab().evaluate(`lab.push('whoami', {})`)).toMatchObject({ auth_token: 'tökén' })
  })

  it('does all that by long polling too, on a server of another origin', async () => {
    await open({ longPoll: true, authToken: 'token-of-ann' })
    expect(await tab().evaluate(`lab.push('whoami', {})`)).toMatchObject({
      auth_token: 'token-of-ann',
      transport: 'longpoll',
    })
    expect(await tab().evaluate(`lab.push('echo', { hello: 'browser' })`)).toEqual({ hello: 'browser' })
    await tab().evaluate(`lab.push('broadcast', { to: 'all' })`)
    await tab().evaluate(`lab.told('broadcasted {"to":"all"}')`)
    expect(await tab().evaluate(`lab.push('binary_size', Uint8Array.of(0, 255))`)).toEqual({ size: 2 })
  })

  it('does nothing that the policy forbids; an inline script, there to prove it, is stopped', async () => {
    await open()
    await tab().evaluate(`lab.told('violates script-src-elem')`)
    const log = await tab().evaluate<readonly string[]>(`lab.told('room joined')`)
    expect(log.filter((entry) => /policy|violates/.test(entry))).toEqual(['violates script-src-elem'])
  })
})

it('is bundled for a browser without ws or anything of Node', async () => {
  const { files } = await bundle('lab')

  expect(files).toContain('dist/index.js')
  expect(files).not.toContain('dist/index.node.js')
  expect(files.filter((file) => /node_modules\/(?!rxjs\/|tslib\/)/.test(file))).toEqual([])
})
