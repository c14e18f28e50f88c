import { type BrowserPage, type PageEvents } from '../page/browser-page.ts'

/** A page that a test controls, for the option `page` of `browserWake` and `browserPause`. */
export interface FakePage extends BrowserPage {
  /** The visibility changes with the methods below. Set it alone for a browser that leaves the event out. */
  readonly document: PageEvents & { visibilityState: 'visible' | 'hidden' }
  /** Another tab comes to the front. */
  hide(): void
  /** The tab comes to the front again. */
  show(): void
  /** The browser suspends the page, hidden by then. Only the events are faked: timers continue (see `fakeClock`). */
  freeze(): void
  /** The browser resumes the page, which is still hidden. */
  resume(): void
  /** The user goes elsewhere, and the page into the back/forward cache. */
  leave(): void
  /** The user comes back, and the page out of the back/forward cache. */
  comeBack(): void
  /** Any other event, such as `online`. */
  fire(target: 'window' | 'document', type: string): void
  /** How many listeners there are: 0 when nobody is subscribed. */
  readonly listeners: number
}

/** A page, visible at first. It fires the events that Chromium fires, in its order (seen in version 156). */
export const fakePage = (): FakePage => {
  const window = new FakeTarget()
  const document = new FakeDocument()
  const page: FakePage = {
    window,
    document,
    hide: () => {
      window.fire({ type: 'blur' })
      document.become('hidden', window)
    },
    show: () => {
      document.become('visible', window)
      window.fire({ type: 'focus' })
    },
    freeze: () => {
      document.become('hidden', window)
      document.fire({ type: 'freeze' })
    },
    resume: () => {
      document.fire({ type: 'resume' })
    },
    leave: () => {
      window.fire({ type: 'pagehide', persisted: true })
      page.freeze()
    },
    comeBack: () => {
      page.resume()
      document.become('visible', window)
      window.fire({ type: 'pageshow', persisted: true })
      window.fire({ type: 'focus' })
    },
    fire: (target, type) => {
      if (target === 'window') window.fire({ type })
      else document.fire({ type }, type === 'visibilitychange' ? window : undefined)
    },
    get listeners() {
      return window.listeners + document.listeners
    },
  }
  return page
}

interface PageEvent {
  readonly type: string
  readonly persisted?: boolean
}

type Listener = (event: unknown) => void

/** An EventTarget that can be asked how many listen. Those of the way down come first, as in browsers. */
class FakeTarget implements PageEvents {
  private readonly down: Map<string, Set<Listener>> = new Map()
  private readonly up: Map<string, Set<Listener>> = new Map()

  get listeners(): number {
    let count = 0
    for (const way of [this.down, this.up]) for (const { size } of way.values()) count += size
    return count
  }

  addEventListener(type: string, listener: Listener, capture?: boolean): void {
    const way = capture ? this.down : this.up
    way.set(type, (way.get(type) ?? new Set()).add(listener))
  }

  removeEventListener(type: string, listener: Listener, capture?: boolean): void {
    ;(capture ? this.down : this.up).get(type)?.delete(listener)
  }

  fire(event: PageEvent, above?: FakeTarget): void {
    const through = (way: 'down' | 'up', target: FakeTarget | undefined): void => {
      for (const listener of [...(target?.[way].get(event.type) ?? [])]) listener(event)
    }
    through('down', above)
    through('down', this)
    through('up', this)
    through('up', above)
  }
}

class FakeDocument extends FakeTarget {
  visibilityState: 'visible' | 'hidden' = 'visible'

  become(state: 'visible' | 'hidden', window: FakeTarget): void {
    if (this.visibilityState === state) return
    this.visibilityState = state
    // The one event of these that bubbles.
    this.fire({ type: 'visibilitychange' }, window)
  }
}
