import { filter, firstValueFrom, Subject, take, toArray } from 'rxjs'
import { phoenixSocket } from '../../lib/index.ts'
import { type ServerTrace } from '../../lib/server/index.ts'
import { startContractApp } from '../contract-app/index.ts'
import { running } from '../support/running.ts'
import { next } from './support/next.ts'
import { startSite } from './support/site.ts'
import { startUntouchedChromium } from './support/untouched-chromium.ts'

const SURE_NOT_TO_RETRY = { retryMs: 3_600_000 }

describe('the life of a page, in Chromium', () => {
  const happened$ = new Subject<ServerTrace>()
  const trace = (event: ServerTrace): void => {
    happened$.next(event)
  }
  const chromium = running(startUntouchedChromium)
  const site = running(startSite)
  const app = running(() => startContractApp({ trace }))
  const other = running(() => chromium().newPage())
  const tab = running(() => chromium().newPage(), 'each')

  const joinWith = async (options: object): Promise<void> => {
    await tab().goto(site().url)
    await tab().evaluate(`lab.open(${JSON.stringify({ url: `${app().url}/socket`, ...options })})`)
    await tab().evaluate(`lab.told('room joined')`)
  }
  const closed = (): Promise<ServerTrace> => next(happened$, ({ _tag }) => _tag === 'Closed')
  const logFrom = async (entry: string, upTo: string): Promise<readonly string[]> => {
    const log = await tab().evaluate<readonly string[]>(`lab.told(${JSON.stringify(upTo)})`)
    return log.slice(log.indexOf(entry))
  }

  describe('the back/forward cache', () => {
    // A page that comes out of the cache is not loaded, so nobody may wait for that.
    const goBack = (): Promise<unknown> => tab().goBack({ waitUntil: 'commit' })

    it('with browserPause the connection is closed when the page goes in, and joins again when it comes out', async () => {
      await joinWith({ pause: true, ...SURE_NOT_TO_RETRY })
      const gone = closed()
      await tab().goto(`${site().url}/elsewhere`)
      await gone
      await goBack()

      expect(await logFrom('pagehide persisted', 'room rejoined')).toEqual([
        'pagehide persisted',
        'hidden',
        'socket paused',
        'room waiting',
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
      await tab().goto(`${site().url}/elsewhere`)
      await goBack()

      const log = await logFrom('pagehide persisted', 'room rejoined')
      expect(log.filter((entry) => /socket|pageshow/.test(entry))).toEqual([
        'socket paused',
        'socket connecting',
        'pageshow persisted',
        'socket open',
      ])
    })

    it('without it the browser cuts the connection and reports it when the page comes out', async () => {
      await joinWith({})
      await tab().goto(`${site().url}/elsewhere`)
      await goBack()

      expect(await logFrom('pagehide persisted', 'room rejoined')).toEqual(
        expect.arrayContaining(['pageshow persisted', 'socket waiting ConnectionClosed', 'room rejoined']),
      )
    })
  })

  describe('a tab behind another', () => {
    it('stays connected, and receives events', async () => {
      await joinWith({ wake: true, pause: true, ...SURE_NOT_TO_RETRY })
      await other().bringToFront()
      await tab().evaluate(`lab.told('hidden')`)
      await tab().evaluate(`lab.push('broadcast', { to: 'hidden' })`)

      expect(await logFrom('hidden', 'broadcasted {"to":"hidden"}')).toEqual([
        'hidden',
        'broadcasted {"to":"hidden"}',
      ])
    })

    it('is closed after hiddenForMs, and joins again when it comes to the front', async () => {
      await joinWith({ wake: true, pause: true, hiddenForMs: 30, ...SURE_NOT_TO_RETRY })
      const gone = closed()
      await other().bringToFront()
      await gone
      await tab().bringToFront()

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
    const setState = async (state: 'frozen' | 'active'): Promise<void> => {
      const session = await tab().context().newCDPSession(tab())
      await session.send('Page.setWebLifecycleState', { state })
    }
    const freeze = async (): Promise<void> => {
      await other().bringToFront()
      await tab().evaluate(`lab.told('hidden')`)
      await setState('frozen')
      await tab().evaluate(`lab.told('freeze')`)
    }

    it('with browserPause is closed before, and joins again when it is resumed, hidden as it is', async () => {
      await joinWith({ wake: true, pause: true, ...SURE_NOT_TO_RETRY })
      const gone = closed()
      await freeze()
      await gone
      await setState('active')

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

    it('without it notices when it is resumed that the connection is cut, and joins again', async () => {
      await joinWith({ wake: true })
      await freeze()
      app().server.disconnect('users:anon')
      await setState('active')

      expect(await logFrom('freeze', 'room rejoined')).toEqual(
        expect.arrayContaining(['resume', 'socket waiting ConnectionClosed', 'room rejoined']),
      )
    })
  })

  describe('the last word of a page', () => {
    it.each([
      ['a WebSocket', 'that the browser keeps', { pause: true }, '/elsewhere'],
      ['a WebSocket', 'that is gone', { pause: true }, 'about:blank'],
      ['long polling', 'that the browser keeps', { pause: true, longPoll: true }, '/elsewhere'],
      ['long polling', 'that is gone', { pause: true, longPoll: true }, 'about:blank'],
    ])('goes out over %s from a page %s', async (_transport, _page, options, destination) => {
      await joinWith({ ...options, ...SURE_NOT_TO_RETRY })
      const listener = phoenixSocket(`${app().url}/socket`).channel('room:browser')
      const both = firstValueFrom(listener.on('broadcasted').pipe(take(2), toArray()))
      await firstValueFrom(listener.pipe(filter(({ status }) => status === 'joined')))
      await tab().evaluate('lab.speakLast()')
      await tab().goto(new URL(destination, site().url).href)

      expect(await both).toEqual([{ last: 'pagehide' }, { last: 'hidden' }])
    })
  })

  it('a page that the user leaves closes its connection', async () => {
    await joinWith({ pause: true })
    const gone = closed()
    await tab().goto('about:blank')
    expect(await gone).toEqual({ _tag: 'Closed', id: 'users:anon' })
  })
})
