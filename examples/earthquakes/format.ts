/** `1,707 events`, `1 event`. */
export const count = (n: number, noun: string, nouns = `${noun}s`): string =>
  `${n.toLocaleString('en-US')} ${n === 1 ? noun : nouns}`

/** Rows of equal columns; those whose heading begins with a space are numbers, aligned to the right. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const [head = []] = rows
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.trim().length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return head[column]?.startsWith(' ') ? cell.trim().padStart(width) : cell.padEnd(width)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
