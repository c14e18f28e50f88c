/** A letter of a marble diagram, and when it comes. */
export interface Placed {
  readonly atMs: number
  readonly letter: string
}

/** A marble diagram with a frame a millisecond, and long pauses as times. Letters of one moment stand in parentheses. */
export const marbleDiagram = (placed: readonly Placed[]): string => {
  const moments = new Map<number, string>()
  for (const { atMs, letter } of [...placed].sort((a, b) => a.atMs - b.atMs))
    moments.set(atMs, (moments.get(atMs) ?? '') + letter)
  let cursor = 0
  let text = ''
  for (const [atMs, letters] of moments) {
    const pauseMs = atMs - cursor
    const shown = letters.length > 1 ? `(${letters})` : letters
    text += pauseMs > 3 ? ` ${pauseMs}ms ${shown}` : '-'.repeat(pauseMs) + shown
    cursor = atMs + shown.length
  }
  return text.trim()
}
