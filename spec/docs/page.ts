/** One row of a table: the feature of the other client, ours, and links to the tests that prove it. */
export interface Row {
  /** The first cell, in which their names stand in code voice. */
  readonly theirs: string
  readonly ours: string
  readonly proof: string
  readonly cells: readonly string[]
}

/** A fenced block of code, and the `text` block directly below it: what the code prints. */
export interface Block {
  readonly language: string
  readonly code: string
  readonly prints: string | undefined
}

export interface Page {
  readonly rows: readonly Row[]
  readonly blocks: readonly Block[]
  /** The first cells of the heads of all tables, and whether they end with "ours" and "test". */
  readonly heads: readonly { readonly first: string; readonly complete: boolean }[]
  readonly headings: readonly string[]
}

const FENCE = /```(\w*)\n(.*?)```(?:\s*```text\n(.*?)```)?/gs

/** Reads a page of docs/coming-from. */
export const readPage = (text: string): Page => {
  const lines = text.replaceAll(FENCE, '').split('\n')
  const tables = lines.flatMap((line, i) => (/^\|[ |:-]+\|$/.test(line) ? [i] : []))
  const heads = tables.map((i) => {
    const cells = cellsOf(lines[i - 1] ?? '')
    return { first: cells[0] ?? '', complete: cells.at(-2) === 'ours' && cells.at(-1) === 'test' }
  })
  return {
    heads,
    rows: tables.flatMap((i) => rowsFrom(lines.slice(i + 1))),
    blocks: [...text.matchAll(FENCE)].map(([, language = '', code = '', prints]) => ({
      language,
      code,
      prints,
    })),
    headings: lines.filter((line) => line.startsWith('## ')).map((line) => line.slice(3)),
  }
}

const rowsFrom = (lines: readonly string[]): readonly Row[] => {
  const end = lines.findIndex((line) => !line.startsWith('|'))
  return lines.slice(0, end === -1 ? undefined : end).map((line) => {
    const cells = cellsOf(line)
    return { cells, theirs: cells[0] ?? '', ours: cells.at(-2) ?? '', proof: cells.at(-1) ?? '' }
  })
}

const cellsOf = (line: string): readonly string[] =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())

/** What stands in code voice. */
export const codeSpans = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll('\\|', '|'))

/** The names in a piece of code, without the texts in it. */
export const namesIn = (code: string): readonly string[] =>
  code.replaceAll(/'[^']*'|"[^"]*"/g, '').match(/(?<![\w$])[A-Za-z_$][\w$]*/g) ?? []
