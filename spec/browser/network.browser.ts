import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { running } from '../support/running.ts'
import { startChromium } from './support/chromium.ts'
import { startSite } from './support/site.ts'

describe('the network, in Chromium', () => {
  const chromium = running(startChromium)
  const site = running(startSite)
  const tab = running(() => chromium().newPage(), 'each')
  let app: ContractApp

  beforeEach(async () => {
    app = await startContractApp()
  })
  afterEach(() => app.close())

  const joinWith = async (options: object): Promise<void> => {
    await tab().goto(site().url)
    await tab().evaluate(`lab.open(${JSON.stringify({ url: `${app.url}/socket`, ...options })})`)
    await tab().evaluate(`lab.told('room joined')`)
  }

  it('connects when the network is back, however long the policy would wait', async () => {
    await joinWith({ wake: true, retryMs: 3_600_000 })
    await tab().context().setOffline(true)
    await tab().evaluate(`lab.told('offline')`)
    // What DevTools emulate refuses new connections and leaves those alone that are open; so the server cuts this one.
    expect(await tab().evaluate(`lab.canDial('${app.url}/socket/websocket?vsn=2.0.0')`)).toBe(false)
    app.server.disconnect('users:anon')
    await tab().evaluate(`lab.told('socket waiting ConnectionClosed')`)
    await tab().context().setOffline(false)

    const log = await tab().evaluate<readonly string[]>(`lab.told('room rejoined')`)
    expect(log.slice(log.indexOf('offline'))).toEqual([
      'offline',
      'socket waiting ConnectionClosed',
      'room waiting',
      'online',
      'socket connecting',
      'socket open',
      'room joining',
      'room rejoined',
    ])
  })

  it('keeps trying while the server is down, and joins again when it is back', async () => {
    await joinWith({})
    const { port } = app
    await app.close()
    await tab().evaluate(`lab.told('socket waiting ConnectionFailed', 3)`)
    app = await startContractApp({ port })
    await tab().evaluate(`lab.told('room rejoined')`)

    expect(await tab().evaluate(`lab.push('echo', { back: true })`)).toEqual({ back: true })
  })
})
