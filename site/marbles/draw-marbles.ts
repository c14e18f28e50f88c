import { type Line } from './lines-of.ts'
import { type Moment, momentsOf, spanOf } from './moments.ts'

const LABELS = 132
const FRAME = 24
const ROW = 34
const MARGIN = 14
/** The mean width of a letter in a span, or a little more. */
const LETTER = 7

const style = `
  text { font: 12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; fill: #1f2328 }
  .legend { fill: #59636e } .line { stroke: #818b98 } .held { stroke: #0969da; stroke-width: 4; stroke-linecap: round }
  .event { fill: #ddf4ff; stroke: #0969da } .mark { font-weight: 600; text-anchor: middle }
  .good { fill: #dafbe1; stroke: #1a7f37 } .bad { fill: #ffebe9; stroke: #cf222e } .busy { fill: #fff8c5; stroke: #9a6700 }
  .end { stroke: #1f2328; stroke-width: 2 } .error { stroke: #cf222e; stroke-width: 2.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .legend { fill: #9198a1 } .line { stroke: #656c76 } .held { stroke: #4493f8 }
    .event { fill: #0c2d6b; stroke: #4493f8 } .good { fill: #0f3d1c; stroke: #3fb950 } .bad { fill: #5d1416; stroke: #f85149 }
    .busy { fill: #4b2900; stroke: #d29922 } .end { stroke: #f0f6fc } .error { stroke: #f85149 }
  }
`

/** Draws the lanes of a marble test below each other, on one axis of time, with what the letters stand for. */
export const drawMarbles = (alt: string, lines: readonly Line[]): string => {
  const last = Math.max(...lines.flatMap(timesOf))
  const legend = legendOf(lines, last)
  const widest = Math.max(...legend.map((text) => text.length * LETTER), 0)
  const width = Math.max(LABELS + (last + 2) * FRAME, widest) + 2 * MARGIN
  const height = lines.length * ROW + legend.length * 18 + MARGIN + 8
  const rows = lines.map((line, i) => {
    const y = MARGIN + i * ROW + 12
    return `<text x="${MARGIN}" y="${y + 4}">${escaped(line.label)}</text>\n${draw(line, y, lines[i - 1], last)}`
  })
  const texts = legend.map(
    (text, i) =>
      `<text class="legend" x="${MARGIN}" y="${lines.length * ROW + MARGIN + 12 + i * 18}">${escaped(text)}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" class="marbles" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(alt)}">
<style>${style}</style>
${[...rows, ...texts].join('\n')}
</svg>
`
}

const x = (at: number): number => LABELS + at * FRAME

const timesOf = (line: Line): readonly number[] => {
  if (line.as !== 'held') return momentsOf(line).map(({ at }) => at)
  const { from, to } = spanOf(line)
  return [from, Number.isFinite(to) ? to : from]
}

const draw = (line: Line, y: number, above: Line | undefined, last: number): string => {
  if (line.as === 'held') {
    const { from, to } = spanOf(line)
    const [start, end] = [x(from), Number.isFinite(to) ? x(to) : x(last + 1)]
    return `<line class="held" x1="${start}" y1="${y}" x2="${end}" y2="${y}"/>`
  }
  const moments = momentsOf(line)
  if (line.as === 'events')
    return `<line class="line" x1="${x(0) - 10}" y1="${y}" x2="${x(endOf(moments, last + 1))}" y2="${y}"/>${moments
      .map((moment) => drawEvent(moment, y))
      .join('')}`
  return statesOf(line, above, last)
    .map((state) => drawState(state, y))
    .join('')
}

const endOf = (moments: readonly Moment[], otherwise: number): number =>
  moments.find(({ end }) => end !== undefined)?.at ?? otherwise

const drawEvent = ({ at, letters, end }: Moment, y: number): string => {
  const half = letters.length > 1 ? 5 + letters.length * 5 : 10
  const pill =
    letters === ''
      ? ''
      : `<rect class="event" x="${x(at) - half}" y="${y - 10}" width="${2 * half}" height="20" rx="10"/><text class="mark" x="${x(at)}" y="${y + 4}">${escaped(letters)}</text>`
  return `${pill}${drawEnd(end, x(at) + (letters === '' ? 0 : half + 5), y)}`
}

interface State extends Moment {
  readonly width: number
  readonly kind: string
  readonly shown: string
}

/** Each state with its span, and what of its name fits: several that pass in one frame end in the last. */
const statesOf = (line: Line, above: Line | undefined, last: number): readonly State[] => {
  const moments = momentsOf(line)
  const until = above?.as === 'held' ? Math.min(spanOf(above).to, last + 1) : last + 1
  return moments.map((moment, i) => {
    const width = (moment.end === undefined ? (moments[i + 1]?.at ?? until) - moment.at : 1) * FRAME
    const words = Array.from(moment.letters).map((letter) => line.letters?.[letter] ?? letter)
    const lastWord = words.at(-1) ?? ''
    const fits = [words.join(', '), lastWord].find((text) => text.length * LETTER + 8 <= width)
    return { ...moment, width, kind: kindOf(lastWord), shown: fits ?? moment.letters }
  })
}

const drawState = ({ at, letters, end, width, kind, shown }: State, y: number): string => {
  if (letters === '') return drawEnd(end, x(at), y)
  const span = `<rect class="${kind}" x="${x(at)}" y="${y - 11}" width="${width}" height="22" rx="3"/>`
  return `${span}<text class="mark" x="${x(at) + width / 2}" y="${y + 4}">${escaped(shown)}</text>${drawEnd(end, x(at) + width, y)}`
}

const drawEnd = (end: Moment['end'], at: number, y: number): string => {
  if (end === undefined) return ''
  return end === 'complete'
    ? `<path class="end" d="M${at} ${y - 11}v22"/>`
    : `<path class="error" d="M${at - 7} ${y - 7}l14 14m0 -14l-14 14"/>`
}

const kindOf = (state: string): string => {
  if (/^(open|joined)/.test(state)) return 'good'
  return /^(waiting|errored|closed)/.test(state) ? 'bad' : 'busy'
}

/** What the letters of each lane stand for, and the signs. */
const legendOf = (lines: readonly Line[], last: number): readonly string[] => {
  const lanes = lines.map((line, i) => {
    const entries = [...new Set(lettersOf(line, lines[i - 1], last))].flatMap((letter) => {
      const meaning = line.letters?.[letter]
      return meaning === undefined ? [] : [`${letter} ${meaning}`]
    })
    return entries.length === 0 ? [] : [`${line.label}: ${entries.join(', ')}`]
  })
  const ends = lines.flatMap((line) => (line.as === 'held' ? [] : momentsOf(line).map(({ end }) => end)))
  const signs = [
    ...(ends.includes('complete') ? ['| complete'] : []),
    ...(ends.includes('error') ? ['× error'] : []),
  ]
  return [...new Set([...lanes.flat(), ...(signs.length > 0 ? [signs.join(', ')] : [])])]
}

/** The letters that are shown: all of a lane of events, those of the states that are too short for their names. */
const lettersOf = (line: Line, above: Line | undefined, last: number): readonly string[] => {
  if (line.as === 'held') return []
  if (line.as === 'events') return momentsOf(line).flatMap(({ letters }) => Array.from(letters))
  return statesOf(line, above, last).flatMap(({ letters, shown }) =>
    shown === letters ? Array.from(letters) : [],
  )
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
