/** Draws lines on a terminal, each time in place of those before. The lines must be no wider than the terminal. */
export const drawing = (output: { write(text: string): unknown }): ((lines: readonly string[]) => void) => {
  let drawn = 0
  return (lines) => {
    const back = drawn === 0 ? '' : `\u001b[${drawn}F`
    output.write(`${back}\u001b[0J${lines.join('\n')}\n`)
    drawn = lines.length
  }
}
