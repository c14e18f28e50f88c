import { make } from './make.ts'
import { STYLES } from './styles.ts'

/** The parts of the element that its code works with. */
export interface Parts {
  readonly pause: HTMLButtonElement
  readonly follow: HTMLButtonElement
  readonly fit: HTMLButtonElement
  readonly earlier: HTMLButtonElement
  readonly later: HTMLButtonElement
  readonly zoomIn: HTMLButtonElement
  readonly zoomOut: HTMLButtonElement
  readonly topic: HTMLInputElement
  readonly event: HTMLInputElement
  readonly copy: HTMLButtonElement
  readonly save: HTMLButtonElement
  readonly open: HTMLInputElement
  readonly clear: HTMLButtonElement
  /** Scrolls up and down over all lanes. */
  readonly view: HTMLElement
  /** As high as all lanes together. */
  readonly lanes: HTMLElement
  readonly canvas: HTMLCanvasElement
  readonly side: HTMLElement
  readonly status: HTMLElement
  /** For screen readers. */
  readonly live: HTMLElement
}

const KEYS =
  'Timeline. Left and right arrows move between events, up and down between lanes, Home and End to the first and the last; ' +
  'with Shift they select. Page Up and Page Down move through time, plus and minus zoom, P pauses, C copies a marble test.'

/** Fills a shadow root. Without markup or inline styles, which a Content-Security-Policy may forbid. */
export const render = (root: ShadowRoot): Parts => {
  const { ownerDocument: document } = root
  const sheet = new (document.defaultView ?? window).CSSStyleSheet()
  sheet.replaceSync(STYLES)
  root.adoptedStyleSheets = [sheet]
  const button = (text: string, title: string, attributes: Readonly<Record<string, string>> = {}) =>
    make(document, 'button', { type: 'button', title, ...attributes }, text)
  const field = (type: string, attributes: Readonly<Record<string, string>>) =>
    make(document, 'input', { type, ...attributes })
  const parts: Parts = {
    pause: button('Pause', 'Stop adding events to the view', { 'aria-pressed': 'false' }),
    follow: button('Follow', 'Keep the newest event in view', { 'aria-pressed': 'true' }),
    fit: button('Show all', 'Show everything that is kept'),
    earlier: button('‹', 'Earlier', { 'aria-label': 'Earlier' }),
    later: button('›', 'Later', { 'aria-label': 'Later' }),
    zoomIn: button('+', 'Zoom in', { 'aria-label': 'Zoom in' }),
    zoomOut: button('−', 'Zoom out', { 'aria-label': 'Zoom out' }),
    topic: field('search', { placeholder: 'all' }),
    event: field('search', { placeholder: 'all' }),
    copy: button('Copy as marble test', 'Copy the selection, or what is in view, as a marble test'),
    save: button('Save', 'Save as a session, for rx-phoenix replay'),
    open: field('file', { accept: '.ndjson,.jsonl,application/x-ndjson' }),
    clear: button('Clear', 'Drop everything that is kept'),
    canvas: make(document, 'canvas', { tabindex: '0', role: 'application', 'aria-label': KEYS }),
    lanes: make(document, 'div', { class: 'lanes' }),
    view: make(document, 'div', { class: 'view' }),
    side: make(document, 'div', { class: 'side', role: 'region', 'aria-label': 'Details', tabindex: '0' }),
    status: make(document, 'div', { class: 'status' }),
    live: make(document, 'div', { class: 'hidden', 'aria-live': 'polite' }),
  }
  const { pause, follow, fit, earlier, later, zoomIn, zoomOut, topic, event, copy, save, open, clear } = parts
  const label = (text: string, input: HTMLElement) => make(document, 'label', {}, `${text} `, input)
  const bar = { class: 'bar', role: 'group', 'aria-label': 'Inspector' }
  const time = [pause, follow, fit, earlier, later, zoomOut, zoomIn]
  const filters = [label('topic', topic), label('event', event)]
  parts.view.append(parts.lanes, parts.canvas)
  root.append(
    make(document, 'div', bar, ...time, ...filters, copy, save, label('open', open), clear),
    make(document, 'div', { class: 'body' }, parts.view, parts.side),
    parts.status,
    parts.live,
  )
  return parts
}
