import { firstValueFrom, filter, map, Subject } from 'rxjs'
import { WebSocket } from 'ws'

interface FromBrowser {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
  readonly sessionId?: string
}

/** A page of the browser, by the DevTools protocol. */
export interface Tab {
  /** Loads an address, and resolves when it is loaded. */
  goTo(url: string): Promise<void>
  /** One step back in the history; resolves when the page is shown. */
  goBack(): Promise<void>
  /** The tab that was in front is hidden by it. */
  toFront(): Promise<void>
  /** Runs an expression in the page and gives its value, awaited. */
  run<A>(expression: string): Promise<A>
  send<A>(method: string, params?: object): Promise<A>
  close(): Promise<void>
}

export interface DevTools {
  openTab(): Promise<Tab>
  close(): Promise<void>
}

/**
 * Speaks to a browser. A tool that drives browsers would do, were it not that those pretend that every tab has the
 * focus, so that none is ever hidden, and turn the back/forward cache off.
 */
export const devTools = async (url: string): Promise<DevTools> => {
  const ws = new WebSocket(url)
  const messages$ = new Subject<FromBrowser>()
  ws.on('message', (data: Buffer) => {
    messages$.next(JSON.parse(data.toString()) as FromBrowser)
  })
  await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
  let ids = 0

  const send = async <A>(method: string, params: object = {}, sessionId?: string): Promise<A> => {
    const id = ++ids
    const answer = firstValueFrom(messages$.pipe(filter((message) => message.id === id)))
    ws.send(JSON.stringify({ id, method, params, sessionId }))
    const { error, result } = await answer
    if (error) throw new Error(`${method}: ${error.message}`)
    return result as A
  }

  const openTab = async (): Promise<Tab> => {
    const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' })
    const attached = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
    const sendHere: Tab['send'] = (method, params) => send(method, params, attached.sessionId)
    const heard = (method: string): Promise<unknown> =>
      firstValueFrom(
        messages$.pipe(
          filter((message) => message.sessionId === attached.sessionId && message.method === method),
          map(({ params }) => params),
        ),
      )
    await sendHere('Page.enable')
    return {
      send: sendHere,
      goTo: async (address) => {
        const loaded = heard('Page.loadEventFired')
        await sendHere('Page.navigate', { url: address })
        await loaded
      },
      goBack: async () => {
        const { currentIndex, entries } = await sendHere<History>('Page.getNavigationHistory')
        const shown = heard('Page.frameNavigated')
        await sendHere('Page.navigateToHistoryEntry', { entryId: entries[currentIndex - 1]?.id })
        await shown
      },
      toFront: () => sendHere('Page.bringToFront'),
      close: () => send('Target.closeTarget', { targetId }),
      run: async <A>(expression: string): Promise<A> => {
        const { result, exceptionDetails } = await sendHere<Evaluated<A>>('Runtime.evaluate', {
          expression,
          awaitPromise: true,
          returnByValue: true,
        })
        if (exceptionDetails)
          throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
        return result.value
      },
    }
  }

  return {
    openTab,
    close: async () => {
      await send('Browser.close')
      ws.close()
    },
  }
}

interface History {
  readonly currentIndex: number
  readonly entries: readonly { readonly id: number }[]
}

interface Evaluated<A> {
  readonly result: { readonly value: A }
  readonly exceptionDetails?: {
    readonly text: string
    readonly exception?: { readonly description?: string }
  }
}
