import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { startChromium } from './support/chromium.ts'
import { type DevTools, type Tab } from './support/devtools.ts'
import { startSite, type Site } from './support/site.ts'

describe('the network, in Chromium', () => {
  let chromium: DevTools
  let site: Site
  let app: ContractApp
  let tab: Tab

  beforeAll(async () => {
    ;[chromium, site] = await Promise.all([startChromium(), startSite()])
  })
  beforeEach(async () => {
    app = await startContractApp()
    tab = await chromium.openTab()
  })
  afterEach(() => Promise.all([tab.close(), app.close()]))
  afterAll(() => Promise.all([chromium.close(), site.close()]))

  const joinWith = async (options: object): Promise<void> => {
    await tab.goTo(site.url)
    await tab.run(`lab.open(${JSON.stringify({ url: `${app.url}/socket`, ...options })})`)
    await tab.run(`lab.told('room joined')`)
  }
  const setOffline = (offline: boolean): Promise<void> =>
    tab.send('Network.emulateNetworkConditions', {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    })

  it('dials when the network is back, however long the policy would wait', async () => {
    await joinWith({ wake: true, retryMs: 3_600_000 })
    await tab.send('Network.enable')
    await setOffline(true)
    await tab.run(`lab.told('offline')`)
    // What DevTools emulate refuses new connections and leaves those alone that are open; so the server cuts this one.
    expect(await tab.run(`lab.canDial('${app.url}/socket/websocket?vsn=2.0.0')`)).toBe(false)
    app.server.disconnect('users:anon')
    await tab.run(`lab.told('socket waiting ConnectionClosed')`)
    await setOffline(false)

    const log = await tab.run<readonly string[]>(`lab.told('room rejoined')`)
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
    await tab.run(`lab.told('socket waiting ConnectionFailed', 3)`)
    app = await startContractApp({ port })
    await tab.run(`lab.told('room rejoined')`)

    expect(await tab.run(`lab.push('echo', { back: true })`)).toEqual({ back: true })
  })
})
