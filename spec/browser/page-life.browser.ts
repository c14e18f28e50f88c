import { Subject } from 'rxjs'
import { type ServerTrace } from '../../lib/server/index.ts'
import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { startChromium } from './support/chromium.ts'
import { type DevTools, type Tab } from './support/devtools.ts'
import { next } from './support/next.ts'
import { startSite, type Site } from './support/site.ts'

const SURE_NOT_TO_RETRY = { retryMs: 3_600_000 }

describe('the life of a page, in Chromium', () => {
  const happened$ = new Subject<ServerTrace>()
  let chromium: DevTools
  let site: Site
  let app: ContractApp
  let tab: Tab
  let other: Tab

  beforeAll(async () => {
    const trace = (event: ServerTrace): void => {
      happened$.next(event)
    }
    ;[chromium, site, app] = await Promise.all([startChromium(), startSite(), startContractApp({ trace })])
    other = await chromium.openTab()
  })
  beforeEach(async () => {
    tab = await chromium.openTab()
  })
  afterEach(() => tab.close())
  afterAll(() => Promise.all([chromium.close(), site.close(), app.close()]))

  const joinWith = async (options: object): Promise<void> => {
    await tab.goTo(site.url)
    await tab.run(`lab.open(${JSON.stringify({ url: `${app.url}/socket`, ...options })})`)
    await tab.run(`lab.told('room joined')`)
  }
  const closed = (): Promise<ServerTrace> => next(happened$, ({ _tag }) => _tag === 'Closed')
  const logFrom = async (entry: string, upTo: string): Promise<readonly string[]> => {
    const log = await tab.run<readonly string[]>(`lab.told(${JSON.stringify(upTo)})`)
    return log.slice(log.indexOf(entry))
  }

  describe('the back/forward cache', () => {
    it('with browserPause the connection is closed when the page goes in, and joins again when it comes out', async () => {
      await joinWith({ pause: true, ...SURE_NOT_TO_RETRY })
      const gone = closed()
      await tab.goTo(`${site.url}/elsewhere`)
      await gone
      await tab.goBack()

      expect(await logFrom('pagehide persisted', 'room rejoined')).toEqual([
        'pagehide persisted',
        'socket paused',
        'room waiting',
        'hidden',
        'freeze',
        'resume',
        'socket connecting',
        'visible',
        'pageshow persisted',
        'socket open',
        'room joining',
        'room rejoined',
      ])
    })

    it('with browserPause takes in a page that polls, too', async () => {
      await joinWith({ pause: true, longPoll: true, ...SURE_NOT_TO_RETRY })
      await tab.goTo(`${site.url}/elsewhere`)
      await tab.goBack()

      const log = await logFrom('pagehide persisted', 'room rejoined')
      expect(log.filter((entry) => /socket|pageshow/.test(entry))).toEqual([
        'socket paused',
        'socket connecting',
        'pageshow persisted',
        'socket open',
      ])
    })

    it('without it the browser cuts the connection, and tells the page when it comes out', async () => {
      await joinWith({})
      await tab.goTo(`${site.url}/elsewhere`)
      await tab.goBack()

      expect(await logFrom('pagehide persisted', 'room rejoined')).toEqual(
        expect.arrayContaining(['pageshow persisted', 'socket waiting ConnectionClosed', 'room rejoined']),
      )
    })
  })

  describe('a tab behind another', () => {
    it('stays connected, and hears', async () => {
      await joinWith({ wake: true, pause: true, ...SURE_NOT_TO_RETRY })
      await other.toFront()
      await tab.run(`lab.told('hidden')`)
      await tab.run(`lab.push('broadcast', { to: 'hidden' })`)

      expect(await logFrom('hidden', 'broadcasted {"to":"hidden"}')).toEqual([
        'hidden',
        'broadcasted {"to":"hidden"}',
      ])
    })

    it('is closed after hiddenForMs, and joins again when it comes to the front', async () => {
      await joinWith({ wake: true, pause: true, hiddenForMs: 30, ...SURE_NOT_TO_RETRY })
      const gone = closed()
      await other.toFront()
      await gone
      await tab.toFront()

      expect(await logFrom('hidden', 'room rejoined')).toEqual([
        'hidden',
        'socket paused',
        'room waiting',
        'visible',
        'socket connecting',
        'socket open',
        'room joining',
        'room rejoined',
      ])
    })
  })

  describe('a page that is frozen', () => {
    const freeze = async (): Promise<void> => {
      await other.toFront()
      await tab.run(`lab.told('hidden')`)
      await tab.send('Page.setWebLifecycleState', { state: 'frozen' })
      await tab.run(`lab.told('freeze')`)
    }

    it('with browserPause is closed before, and joins again when it is resumed, hidden as it is', async () => {
      await joinWith({ wake: true, pause: true, ...SURE_NOT_TO_RETRY })
      const gone = closed()
      await freeze()
      await gone
      await tab.send('Page.setWebLifecycleState', { state: 'active' })

      expect(await logFrom('hidden', 'room rejoined')).toEqual([
        'hidden',
        'freeze',
        'socket paused',
        'room waiting',
        'resume',
        'socket connecting',
        'socket open',
        'room joining',
        'room rejoined',
      ])
    })

    it('without it hears when it is resumed that the connection is cut, and joins again', async () => {
      await joinWith({ wake: true })
      await freeze()
      app.server.disconnect('users:anon')
      await tab.send('Page.setWebLifecycleState', { state: 'active' })

      expect(await logFrom('freeze', 'room rejoined')).toEqual(
        expect.arrayContaining(['resume', 'socket waiting ConnectionClosed', 'room rejoined']),
      )
    })
  })

  it('a page that is left for good closes its connection', async () => {
    await joinWith({ pause: true })
    const gone = closed()
    await tab.goTo('about:blank')
    expect(await gone).toEqual({ _tag: 'Closed', id: 'users:anon' })
  })
})
