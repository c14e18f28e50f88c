import { type Parts } from './template.ts'

/** What the controls above the timeline do. */
export interface Controls {
  readonly pause: () => void
  readonly follow: () => void
  readonly fit: () => void
  /** By a share of the width. */
  readonly move: (share: number) => void
  readonly zoom: (factor: number) => void
  readonly filter: () => void
  readonly copy: () => void
  readonly save: () => void
  readonly open: (file: File) => void
  readonly clear: () => void
}

/** Connects the buttons and fields with what they do. */
export const listenToControls = (parts: Parts, controls: Controls): void => {
  const buttons: readonly [HTMLButtonElement, () => void][] = [
    [parts.pause, controls.pause],
    [parts.follow, controls.follow],
    [parts.fit, controls.fit],
    [
      parts.earlier,
      () => {
        controls.move(-0.5)
      },
    ],
    [
      parts.later,
      () => {
        controls.move(0.5)
      },
    ],
    [
      parts.zoomIn,
      () => {
        controls.zoom(0.5)
      },
    ],
    [
      parts.zoomOut,
      () => {
        controls.zoom(2)
      },
    ],
    [parts.copy, controls.copy],
    [parts.save, controls.save],
    [parts.clear, controls.clear],
  ]
  for (const [button, run] of buttons) button.addEventListener('click', run)
  for (const field of [parts.topic, parts.event]) field.addEventListener('input', controls.filter)
  parts.open.addEventListener('change', () => {
    const [file] = parts.open.files ?? []
    if (file) controls.open(file)
    // So that the same file can be opened again.
    parts.open.value = ''
  })
}
