import { STYLES } from './styles.ts'

/** The parts of the element that its code works with. */
export interface Parts {
  readonly pause: HTMLButtonElement
  readonly follow: HTMLButtonElement
  readonly fit: HTMLButtonElement
  readonly zoomIn: HTMLButtonElement
  readonly zoomOut: HTMLButtonElement
  readonly topic: HTMLInputElement
  readonly event: HTMLInputElement
  readonly copy: HTMLButtonElement
  readonly save: HTMLButtonElement
  readonly open: HTMLInputElement
  readonly clear: HTMLButtonElement
  readonly view: HTMLElement
  readonly canvas: HTMLCanvasElement
  readonly side: HTMLElement
  readonly status: HTMLElement
  readonly live: HTMLElement
}

const MARKUP = `
<style>${STYLES}</style>
<div class="bar" role="toolbar" aria-label="Inspector">
  <button data-part="pause" aria-pressed="false" title="Stop adding events to the view">Pause</button>
  <button data-part="follow" aria-pressed="true" title="Keep the newest event in view">Follow</button>
  <button data-part="fit" title="Show everything that is kept">Show all</button>
  <button data-part="zoomOut" aria-label="Zoom out">−</button>
  <button data-part="zoomIn" aria-label="Zoom in">+</button>
  <label>topic <input data-part="topic" type="search" placeholder="all" /></label>
  <label>event <input data-part="event" type="search" placeholder="all" /></label>
  <button data-part="copy" title="Copy what is selected as a marble test">Copy as marble test</button>
  <button data-part="save" title="Save as a session that rx-phoenix replay can read">Save</button>
  <label>open <input data-part="open" type="file" accept=".ndjson,.jsonl,application/x-ndjson" /></label>
  <button data-part="clear">Clear</button>
</div>
<div class="body">
  <div class="view" data-part="view">
    <canvas data-part="canvas" tabindex="0" role="application"
      aria-label="Timeline. Arrow left and right move between events, up and down between lanes, plus and minus zoom."></canvas>
  </div>
  <div class="side" data-part="side" role="region" aria-label="Details" tabindex="0"></div>
</div>
<div class="status" data-part="status"></div>
<div class="hidden" data-part="live" aria-live="polite"></div>`

/** Fills a shadow root and finds its parts. */
export const render = (root: ShadowRoot): Parts => {
  root.innerHTML = MARKUP
  const parts: Record<string, HTMLElement> = {}
  for (const part of root.querySelectorAll<HTMLElement>('[data-part]'))
    parts[part.dataset['part'] ?? ''] = part
  return parts as unknown as Parts
}
