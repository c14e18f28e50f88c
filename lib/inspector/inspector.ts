import { Subscription } from 'rxjs'
import { InvalidArgument, type PhoenixSocket, traceTo } from '../index.ts'
import { insideOf } from '../inside/inside-of.ts'
import { defineInspector } from './define-inspector.ts'
import { type InspectorElement } from './inspector-element.ts'
import { statesOf } from './states-of.ts'

/**
 * Shows what a socket does, from now on, in an element of the page: an `<rx-phoenix-inspector>`, or any other element, to
 * which one is added. What is going on already appears with its present state; pushes made before do not.
 *
 * Does not connect. Unsubscribe to stop: what was shown stays in an element that was passed in, and an element that was added
 * is removed. Payloads are redacted as in every trace. Beyond 100,000 trace events, or 50 million characters of frames, the
 * oldest are dropped, and the element shows how many. Throws `InvalidArgument` for a socket that `phoenixSocket` did not
 * make, and for anything but an element.
 */
export const inspector = (socket: PhoenixSocket, element: Element): Subscription => {
  const inside = insideOf(socket)
  const { scheduler } = inside.context.settings
  if (!isElement(element))
    throw new InvalidArgument(
      'element',
      element,
      'pass an element of the page, such as <rx-phoenix-inspector>.',
    )
  const tag = defineInspector()
  const isOurs = element.localName !== tag
  const shown = (isOurs ? element.ownerDocument.createElement(tag) : element) as InspectorElement
  // An element that was in the page before it was defined, and is not connected.
  customElements.upgrade(shown)
  if (isOurs) element.append(shown)
  shown.clock = () => scheduler.now()
  for (const event of statesOf(inside)) shown.add(event)
  const tracing = traceTo((event) => {
    shown.add(event)
  }).attach(inside.context.trace, scheduler)
  return new Subscription(() => {
    tracing.unsubscribe()
    shown.clock = undefined
    if (isOurs) shown.remove()
  })
}

const isElement = (element: unknown): boolean =>
  typeof (element as Partial<Element> | null | undefined)?.localName === 'string'
