import { Subject } from 'rxjs'
import { type ServerTrace } from '../../lib/server/index.ts'
import { startContractApp } from '../contract-app/index.ts'
import { running } from '../support/running.ts'
import { engines } from './support/engines.ts'
import { next } from './support/next.ts'
import { startSite } from './support/site.ts'
import { startWebKit } from './support/webkit.ts'

const isThere = engines.some(([name]) => name === 'WebKitGTK')

;(isThere ? describe : describe.skip)('the back/forward cache, in WebKitGTK', () => {
  const happened$ = new Subject<ServerTrace>()
  const trace = (event: ServerTrace): void => {
    happened$.next(event)
  }
  const webKit = running(startWebKit)
  const site = running(startSite)
  const app = running(() => startContractApp({ trace }))
  const tab = running(() => webKit().newPage(), 'each')

  const openElsewhereAndBack = async (options: object, gone: () => Promise<unknown>): Promise<string[]> => {
    await tab().goto(site().url)
    await tab().evaluate(`lab.open(${JSON.stringify({ url: `${app().url}/socket`, ...options })})`)
    await tab().evaluate(`lab.told('room joined')`)
    const left = gone()
    await tab().goto(`${site().url}/elsewhere`)
    await left
    await tab().goBack()
    const log = await tab().evaluate<string[]>(`lab.told('room rejoined')`)
    return log.slice(log.indexOf('pagehide persisted'))
  }

  it('with browserPause the connection is closed when the page goes in, and joins again when it comes out', async () => {
    const closed = (): Promise<ServerTrace> => next(happened$, ({ _tag }) => _tag === 'Closed')

    expect(await openElsewhereAndBack({ pause: true, retryMs: 3_600_000 }, closed)).toEqual([
      'pagehide persisted',
      'hidden',
      'socket paused',
      'room waiting',
      'visible',
      'socket connecting',
      'pageshow persisted',
      'socket open',
      'room joining',
      'room rejoined',
    ])
  })

  it('without it the page notices when it comes out that its connection was cut, and joins again', async () => {
    expect(await openElsewhereAndBack({}, () => Promise.resolve())).toEqual(
      expect.arrayContaining(['pageshow persisted', 'socket waiting ConnectionClosed', 'room rejoined']),
    )
  })
})
