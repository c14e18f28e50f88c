import { type Fact, factsOf, laneFacts, payloadsOf } from './details.ts'
import { type Lane, type Mark } from './lane.ts'
import { make } from './make.ts'

const HELP =
  'Point at an event, or focus the timeline and use the arrow keys. Click keeps an event here. Drag over a lane, or press ' +
  'Shift with an arrow key, to select a stretch of time. Drag the ruler to move through time.'

/** Shows what is known of a mark, or of a lane, or how to choose one. */
export const showDetails = (
  side: HTMLElement,
  { mark, lane }: { readonly mark?: Mark | undefined; readonly lane?: Lane | undefined },
  originMs: number,
): void => {
  const { ownerDocument: document } = side
  // Payloads are whatever a server or a user wrote: they are set as text, never as markup.
  const list = (facts: readonly Fact[]): HTMLElement =>
    make(
      document,
      'dl',
      {},
      ...facts.flatMap(({ name, value }) => [
        make(document, 'dt', {}, name),
        make(document, 'dd', {}, value),
      ]),
    )
  const heading = (text: string): HTMLElement => make(document, 'h2', {}, text)
  if (mark)
    side.replaceChildren(
      heading(mark.label),
      list(factsOf(mark, originMs)),
      ...payloadsOf(mark).flatMap(({ name, value }) => [heading(name), make(document, 'pre', {}, value)]),
    )
  else if (lane) side.replaceChildren(heading(lane.name), list(laneFacts(lane)))
  else side.replaceChildren(make(document, 'p', {}, HELP))
}
