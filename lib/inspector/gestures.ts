import { RULER_HEIGHT } from './layout.ts'

/** What a person can do to the timeline. Places are in CSS pixels from the top left of the canvas. */
export interface Gestures {
  readonly point: (x: number, y: number) => void
  readonly click: (x: number, y: number) => void
  /** From one place to another; the lane is the one at `y`. */
  readonly drag: (fromX: number, toX: number, y: number) => void
  readonly pan: (pixels: number) => void
  readonly zoom: (factor: number, x: number) => void
  /** To the next or previous mark of a lane, or to its first or last one. */
  readonly step: (step: Step, selecting: boolean) => void
  readonly changeLane: (step: 1 | -1) => void
  readonly pause: () => void
  readonly copy: () => void
  readonly unselect: () => void
}

/** Where to go from a mark. */
export type Step = 1 | -1 | 'first' | 'last'

/** A shorter way is a click. */
const DRAG_PIXELS = 4

/** Turns the events of mouse, finger, wheel and keyboard into gestures. */
export const listen = (canvas: HTMLCanvasElement, gestures: Gestures): void => {
  listenToPointer(canvas, gestures)
  canvas.addEventListener(
    'wheel',
    (event) => {
      // Up and down scrolls the lanes unless Ctrl or Shift is held, as in maps that are part of a page.
      if (event.ctrlKey) gestures.zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, event.offsetX)
      else if (event.shiftKey) gestures.pan(event.deltaY || event.deltaX)
      else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) gestures.pan(event.deltaX)
      else return
      event.preventDefault()
    },
    { passive: false },
  )
  canvas.addEventListener('keydown', (event) => {
    // Letters whatever the case: Caps Lock may be on.
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[key]
    if (!run) return
    event.preventDefault()
    run(gestures, event.shiftKey, canvas.clientWidth)
  })
}

const keys: Readonly<Record<string, (gestures: Gestures, shift: boolean, width: number) => void>> = {
  ArrowRight: ({ step }, shift) => {
    step(1, shift)
  },
  ArrowLeft: ({ step }, shift) => {
    step(-1, shift)
  },
  Home: ({ step }, shift) => {
    step('first', shift)
  },
  End: ({ step }, shift) => {
    step('last', shift)
  },
  ArrowDown: ({ changeLane }) => {
    changeLane(1)
  },
  ArrowUp: ({ changeLane }) => {
    changeLane(-1)
  },
  PageUp: ({ pan }, _shift, width) => {
    pan(-width / 2)
  },
  PageDown: ({ pan }, _shift, width) => {
    pan(width / 2)
  },
  '+': ({ zoom }, _shift, width) => {
    zoom(0.5, width / 2)
  },
  '-': ({ zoom }, _shift, width) => {
    zoom(2, width / 2)
  },
  p: ({ pause }) => {
    pause()
  },
  c: ({ copy }) => {
    copy()
  },
  Escape: ({ unselect }) => {
    unselect()
  },
}

const listenToPointer = (canvas: HTMLCanvasElement, gestures: Gestures): void => {
  let pressed: { readonly x: number; readonly y: number; lastX: number; dragging: boolean } | undefined
  canvas.addEventListener('pointerdown', ({ offsetX, offsetY, pointerId }) => {
    pressed = { x: offsetX, y: offsetY, lastX: offsetX, dragging: false }
    canvas.setPointerCapture(pointerId)
  })
  canvas.addEventListener('pointermove', ({ offsetX, offsetY }) => {
    if (!pressed) {
      gestures.point(offsetX, offsetY)
      return
    }
    pressed.dragging ||= Math.abs(offsetX - pressed.x) > DRAG_PIXELS
    if (!pressed.dragging) return
    // The ruler moves through time, a lane is selected.
    if (pressed.y < RULER_HEIGHT) gestures.pan(pressed.lastX - offsetX)
    else gestures.drag(pressed.x, offsetX, pressed.y)
    pressed.lastX = offsetX
  })
  canvas.addEventListener('pointerup', ({ offsetX, offsetY }) => {
    if (pressed && !pressed.dragging) gestures.click(offsetX, offsetY)
    pressed = undefined
  })
  canvas.addEventListener('pointercancel', () => {
    pressed = undefined
  })
}
