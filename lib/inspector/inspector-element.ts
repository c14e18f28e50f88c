import { type TraceEvent } from '../index.ts'
import { InspectorView } from './inspector-view.ts'

/** The element `<rx-phoenix-inspector>`: a timeline of trace events, with a lane for each connection and each topic. */
export interface InspectorElement extends HTMLElement {
  /** Adds one trace event. While paused, the event is kept and shown later. */
  add(event: TraceEvent): void
  /** The clock up to which states that last are drawn, in ms. Default: the time of the newest event. */
  clock: (() => number) | undefined
  /** Shows a session of `rx-phoenix record` in place of what there is. Throws an Error that says why if the text is not one. */
  load(session: string): void
  /** What is kept, as a session that `rx-phoenix replay` reads. Binary frames are left out. */
  save(): string
  /** The selected stretch of one topic, or what is in view of it, as a marble test. Undefined if no topic is shown. */
  marbleTest(): string | undefined
  /** Drops everything that is kept. */
  clear(): void
}

/** The name of the element. */
export const INSPECTOR_TAG = 'rx-phoenix-inspector'

/**
 * Registers the element, once; further calls do nothing. The class is made here and not on import, so that a server that
 * renders the page can import this module where there is no `HTMLElement`.
 */
export const defineInspector = (): void => {
  if (customElements.get(INSPECTOR_TAG)) return
  class PhoenixInspector extends HTMLElement implements InspectorElement {
    private readonly view: InspectorView = new InspectorView(this.attachShadow({ mode: 'open' }))

    get clock(): (() => number) | undefined {
      return this.view.clock
    }

    set clock(clock: (() => number) | undefined) {
      this.view.clock = clock
    }

    connectedCallback(): void {
      this.view.connect()
    }

    disconnectedCallback(): void {
      this.view.disconnect()
    }

    add(event: TraceEvent): void {
      this.view.add(event)
    }

    load(session: string): void {
      this.view.load(session)
    }

    save(): string {
      return this.view.save()
    }

    marbleTest(): string | undefined {
      return this.view.marbleTest()
    }

    clear(): void {
      this.view.clear()
    }
  }
  customElements.define(INSPECTOR_TAG, PhoenixInspector)
}
