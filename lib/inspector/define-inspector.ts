import { type TraceEvent } from '../index.ts'
import { type InspectorElement } from './inspector-element.ts'
import { InspectorView } from './inspector-view.ts'

const TAG = 'rx-phoenix-inspector'

/**
 * Registers the element `<rx-phoenix-inspector>` and returns its name. Further calls register nothing. `inspector` calls it;
 * call it yourself for an element that shows recorded sessions only. In a browser only; the module can be imported anywhere.
 */
export const defineInspector = (): string => {
  // The class is made here and not on import, so that a server that renders the page, where there is no `HTMLElement`, can import this.
  if (!customElements.get(TAG)) customElements.define(TAG, elementClass())
  return TAG
}

const elementClass = (): CustomElementConstructor =>
  class extends HTMLElement implements InspectorElement {
    private readonly view: InspectorView = new InspectorView(this.attachShadow({ mode: 'open' }))
    private time: (() => number) | undefined

    get clock(): (() => number) | undefined {
      return this.time
    }

    set clock(clock: (() => number) | undefined) {
      this.time = clock
      this.view.setClock(clock)
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
