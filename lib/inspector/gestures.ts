/** What a person can do to the timeline. Places are in CSS pixels from the top left of the canvas. */
export interface Gestures {
  readonly point: (x: number, y: number) => void
  readonly click: (x: number, y: number) => void
  readonly drag: (fromX: number, toX: number, y: number) => void
  readonly pan: (pixels: number) => void
  readonly zoom: (factor: number, x: number) => void
  readonly step: (step: 1 | -1) => void
  readonly changeLane: (step: 1 | -1) => void
}

/** A shorter way is a click. */
const DRAG_PIXELS = 4

/** Turns the events of mouse, finger, wheel and keyboard into gestures. */
export const listen = (canvas: HTMLCanvasElement, gestures: Gestures): void => {
  let pressed: { readonly x: number; readonly y: number; dragging: boolean } | undefined

  canvas.addEventListener('pointerdown', ({ offsetX, offsetY, pointerId }) => {
    pressed = { x: offsetX, y: offsetY, dragging: false }
    canvas.setPointerCapture(pointerId)
  })
  canvas.addEventListener('pointermove', ({ offsetX, offsetY }) => {
    if (!pressed) {
      gestures.point(offsetX, offsetY)
      return
    }
    pressed.dragging ||= Math.abs(offsetX - pressed.x) > DRAG_PIXELS
    if (pressed.dragging) gestures.drag(pressed.x, offsetX, pressed.y)
  })
  canvas.addEventListener('pointerup', ({ offsetX, offsetY }) => {
    if (pressed && !pressed.dragging) gestures.click(offsetX, offsetY)
    pressed = undefined
  })
  canvas.addEventListener('pointercancel', () => {
    pressed = undefined
  })
  canvas.addEventListener(
    'wheel',
    (event) => {
      // Up and down scrolls the page unless Ctrl or Shift is held, as in maps that are part of a page.
      if (event.ctrlKey) gestures.zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, event.offsetX)
      else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        gestures.pan(event.shiftKey ? event.deltaY || event.deltaX : event.deltaX)
      else return
      event.preventDefault()
    },
    { passive: false },
  )
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => {
      gestures.step(1)
    },
    ArrowLeft: () => {
      gestures.step(-1)
    },
    ArrowDown: () => {
      gestures.changeLane(1)
    },
    ArrowUp: () => {
      gestures.changeLane(-1)
    },
    '+': () => {
      gestures.zoom(0.5, canvas.clientWidth / 2)
    },
    '-': () => {
      gestures.zoom(2, canvas.clientWidth / 2)
    },
  }
  canvas.addEventListener('keydown', (event) => {
    const run = keys[event.key]
    if (!run) return
    event.preventDefault()
    run()
  })
}
