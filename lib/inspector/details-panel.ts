import { factsOf, payloadsOf } from './details.ts'
import { type Mark } from './lane.ts'

/** Shows what is known of a mark beside the timeline, or how to choose one. */
export const showDetails = (side: HTMLElement, mark: Mark | undefined, originMs: number): void => {
  const { ownerDocument: document } = side
  const element = <K extends keyof HTMLElementTagNameMap>(
    name: K,
    text: string,
  ): HTMLElementTagNameMap[K] => {
    const made = document.createElement(name)
    // Text, never markup: payloads are whatever a server or a user wrote.
    made.textContent = text
    return made
  }
  if (!mark) {
    const help =
      'Point at an event, or move with the arrow keys. Drag over a lane to select a stretch of time.'
    side.replaceChildren(element('p', help))
    return
  }
  const facts = document.createElement('dl')
  for (const { name, value } of factsOf(mark, originMs))
    facts.append(element('dt', name), element('dd', value))
  const payloads = payloadsOf(mark).flatMap(({ name, value }) => [element('h2', name), element('pre', value)])
  side.replaceChildren(element('h2', mark.label), facts, ...payloads)
}
