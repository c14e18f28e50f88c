import { arch, cpus } from 'node:os'
import { type Fit, lineFit } from './line-fit.ts'
import { type Sample } from './sampler.ts'

/** The first part of a run fills caches and compiles; the slopes are those of what follows. */
const WARM_UP = 0.2

const MB = 2 ** 20
const signed = (value: number, digits: number): string =>
  (value < 0 ? '−' : '+') + Math.abs(value).toFixed(digits)
const fit = (samples: readonly Sample[], pick: (sample: Sample) => number): Fit =>
  lineFit(samples.map((sample) => [sample.minutes, pick(sample)] as const))
const told = ({ slope, error }: Fit, unit: string, scale: number): string =>
  `${signed(slope * scale, 2)} ± ${(error * scale).toFixed(2)} ${unit} per minute`

/** The samples and what follows from them, as Markdown. */
export const report = (samples: readonly Sample[], versions: string, when: Date): string => {
  const last = samples.at(-1)
  const warm = samples.filter(({ minutes }) => minutes >= WARM_UP * (last?.minutes ?? 0))
  const rows = samples.map(
    ({ minutes, heapBytes, rssBytes, handles, pushes, joins, connections, medianMs, p99Ms }) =>
      `| ${minutes.toFixed(1)} | ${(heapBytes / MB).toFixed(2)} | ${(rssBytes / MB).toFixed(0)} | ${handles} | ${pushes} | ${joins} | ${connections} | ${medianMs.toFixed(1)} | ${p99Ms.toFixed(1)} |`,
  )
  return [
    `${when.toISOString().slice(0, 10)}, ${versions}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? arch()}, shared with other work:`,
    '',
    `- ${last?.minutes.toFixed(0) ?? 0} minutes, ${last?.pushes ?? 0} pushes with a reply, ${last?.joins ?? 0} joins, ${last?.connections ?? 0} connections.`,
    `- Heap after a garbage collection: ${told(
      fit(warm, ({ heapBytes }) => heapBytes),
      'kB',
      1 / 1024,
    )} once warm.`,
    `- Handles: ${told(
      fit(warm, ({ handles }) => handles),
      '',
      1,
    ).replace('  ', ' ')}.`,
    `- Median latency of a push: ${told(
      fit(warm, ({ medianMs }) => medianMs),
      'ms',
      1,
    )}.`,
    '',
    '| min | heap MB | rss MB | handles | pushes | joins | connections | median ms | p99 ms |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
