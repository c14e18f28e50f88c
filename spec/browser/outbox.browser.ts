import { firstValueFrom, Subject } from 'rxjs'
import { type BrowserContext, type Page } from 'playwright-core'
import {
  channel,
  ok,
  onceByKey,
  phoenixServer,
  type PhoenixServer,
  type ServerChannel,
} from '../../lib/server/index.ts'
import { running } from '../support/running.ts'
import { startChromium } from './support/chromium.ts'
import { startSite } from './support/site.ts'

/** A server that takes a key once, and writes down what it takes, and which connection brought it. */
const came$ = new Subject<void>()
let received: { readonly n: number; readonly from: object }[]
let taken: number[]
let answering: boolean

const notes = () => {
  const take = onceByKey((payload) => {
    taken.push((payload as { n: number }).n)
    return ok()
  })
  return channel({
    handleIn: async (_event, payload, self: ServerChannel) => {
      const answer = await take(payload, self)
      received.push({ n: (payload as { n: number }).n, from: self.socket })
      came$.next()
      return answering ? answer : undefined
    },
  })
}
const start = (port = 0, definition = notes()): Promise<PhoenixServer> =>
  phoenixServer({ port, sockets: { '/socket': { channels: { notes: definition } } } })
const cameSo = async (count: number): Promise<void> => {
  while (received.length < count) await firstValueFrom(came$)
}

describe('an outbox in IndexedDB, in Chromium', () => {
  const chromium = running(startChromium)
  const site = running(() => startSite('outbox'))
  /** Tabs of one context share databases, locks and channels. */
  const context = running<BrowserContext>(() => chromium().newContext(), 'each')
  let server: PhoenixServer
  let port: number

  beforeEach(async () => {
    ;[received, taken, answering] = [[], [], true]
    server = await start()
    port = server.port
  })
  afterEach(() => server.close())

  const openTab = async (): Promise<Page> => {
    const tab = await context().newPage()
    await load(tab)
    return tab
  }
  const load = async (tab: Page): Promise<void> => {
    await tab.goto(site().url)
    await tab.evaluate(`lab.open('ws://127.0.0.1:${port}/socket')`)
  }

  it('keeps what is pushed offline through a reload, and sends it in order once the line is back', async () => {
    const tab = await openTab()
    await tab.evaluate(`lab.shown()`)
    await server.close()
    await context().setOffline(true)
    for (const n of [1, 2, 3]) expect(await tab.evaluate(`lab.push(${n})`)).toBe('queued')
    await context().setOffline(false)
    await load(tab)
    await tab.evaluate(`lab.shown('sending', 'queued', 'queued')`)
    server = await start(port)
    await tab.evaluate(`lab.shown()`)
    expect(taken).toEqual([1, 2, 3])
  })

  it('sends from one of two tabs, shows the entries in both, and hands over when the sending tab is closed', async () => {
    answering = false
    const sending = await openTab()
    await sending.evaluate(`lab.push(1)`)
    await cameSo(1)
    const other = await openTab()
    await other.evaluate(`lab.push(2)`)
    for (const tab of [sending, other]) await tab.evaluate(`lab.shown('sending', 'queued')`)
    expect(await other.evaluate(`lab.push(3)`)).toBe('queued')
    await sending.evaluate(`lab.shown('sending', 'queued', 'queued')`)
    expect(received.map(({ n }) => n)).toEqual([1])

    answering = true
    await sending.close()
    await other.evaluate(`lab.shown()`)
    // The first one came again, from another connection, and was taken once by its key.
    expect(received.map(({ n }) => n)).toEqual([1, 1, 2, 3])
    expect(new Set(received.map(({ from }) => from)).size).toBe(2)
    expect(taken).toEqual([1, 2, 3])
  })

  it('sends what a tab has stored that is closed before it could send', async () => {
    await server.close()
    const tab = await openTab()
    for (const n of [1, 2]) await tab.evaluate(`lab.push(${n})`)
    await tab.close()
    server = await start(port)
    const later = await openTab()
    await later.evaluate(`lab.shown()`)
    expect(taken).toEqual([1, 2])
  })

  it('fails with StoreFailed where the quota is refused, keeps what is stored, and goes on when there is room', async () => {
    await server.close()
    const tab = await context().newPage()
    const devtools = await context().newCDPSession(tab)
    const { origin } = new URL(site().url)
    // Before anything is stored, since Chromium asks for the quota only now and then.
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 500_000 })
    await load(tab)
    expect(await tab.evaluate(`lab.push(1)`)).toBe('queued')
    expect(await tab.evaluate(`lab.push(2, 1_000_000)`)).toEqual(['StoreFailed', 'write'])
    await devtools.send('Storage.overrideQuotaForOrigin', { origin })
    expect(await tab.evaluate(`lab.push(3, 1_000_000)`)).toBe('queued')
    await tab.evaluate(`lab.shown('sending', 'queued')`)
    server = await start(port)
    await tab.evaluate(`lab.shown()`)
    expect(taken).toEqual([1, 3])
  })
})
