const COLUMN_WIDTH = 7.8
const LINE_HEIGHT = 18
const MARGIN = 20
const COLUMNS = 118

/** How a part of a line is shown: the first rule that matches it gives its class. */
const rules: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^\$ .*$/, 'command'],
  [/^OK: .*$/, 'good'],
  [/^WRONG.*$/, 'bad'],
  [/(?<=^[\d.]+ s {2}\w+ +)(open|joined.*)$/, 'good'],
  [/(?<=^[\d.]+ s {2}\w+ +)(waiting|errored).*$/, 'bad'],
  [/(?<=^[\d.]+ s {2}(server|job) +).*$/, 'bad'],
  [/^[\d.]+ s {2}(socket|feed|day)(?= )/, 'dim'],
  [/^(events|alerts|cut|kill -9|day)(?= )/, 'head'],
  [/^ +….*$/, 'dim'],
]

/**
 * The text of a terminal as a picture: text that can be selected, in the colours that the reader prefers. A line that is
 * too long is cut, and says so.
 */
export const terminalSvg = (title: string, lines: readonly string[]): string => {
  const width = Math.ceil(COLUMNS * COLUMN_WIDTH + 2 * MARGIN)
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN
  const rows = lines.map((line, i) => {
    const shown = line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line
    return `<text x="${MARGIN}" y="${MARGIN + 13 + i * LINE_HEIGHT}">${coloured(shown)}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>
  rect { fill: #f6f8fa; stroke: #d1d9e0 }
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2328; white-space: pre }
  .command { font-weight: bold } .dim { fill: #59636e } .head { fill: #0550ae }
  .good { fill: #116329; font-weight: bold } .bad { fill: #9a3412 }
  @media (prefers-color-scheme: dark) {
    rect { fill: #151b23; stroke: #3d444d }
    text { fill: #f0f6fc } .dim { fill: #9198a1 } .head { fill: #79c0ff } .good { fill: #56d364 } .bad { fill: #ffa657 }
  }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${rows.join('\n')}
</svg>
`
}

const coloured = (line: string): string => {
  const dim = /^[\d.]+ s {2}\w+/.exec(line)?.[0] ?? ''
  for (const [pattern, name] of rules) {
    const found = pattern.exec(line)
    if (!found) continue
    const before = line.slice(0, found.index)
    const after = line.slice(found.index + found[0].length)
    return `${before === '' ? '' : span(before, dim === '' ? '' : 'dim')}${span(found[0], name)}${escaped(after)}`
  }
  return escaped(line)
}

const span = (text: string, name: string): string =>
  name === '' ? escaped(text) : `<tspan class="${name}">${escaped(text)}</tspan>`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Leaves out the middle of a long run of lines of one kind, and says how many. */
export const shortened = (
  lines: readonly string[],
  isOfKind: (line: string) => boolean,
  keep: number,
): readonly string[] => {
  const runs = lines.reduce<string[][]>((all, line) => {
    const last = all.at(-1)
    if (last?.[0] !== undefined && isOfKind(last[0]) && isOfKind(line)) last.push(line)
    else all.push([line])
    return all
  }, [])
  return runs.flatMap((run) =>
    run.length <= 2 * keep + 1
      ? run
      : [...run.slice(0, keep), `         … ${run.length - 2 * keep} lines`, ...run.slice(-keep)],
  )
}
