import { mkdirSync, writeFileSync } from 'node:fs'
import { type Profiler, Session } from 'node:inspector'
import { dirname } from 'node:path'

/** Whose code ran while something was measured. `JSON` is that of V8 for payloads and frames, `V8` its garbage collector. */
export const owners = ['JSON', 'V8', 'ws', 'Node', 'RxJS', 'rx-phoenix', 'bench'] as const
export type Owner = (typeof owners)[number]

export interface Profiled {
  /** Of the time that was not idle. They add up to 1. */
  readonly shares: Readonly<Record<Owner, number>>
  /** The functions of this library that took the most, with their shares. */
  readonly most: readonly (readonly [name: string, share: number])[]
}

/** Where to write the profile; nothing is profiled without it. */
const file = process.env['BENCH_PROFILE']
const EVERY_US = 100

let last: Profiled | undefined

/** Of what was measured last, if it was profiled. */
export const lastProfile = (): Profiled | undefined => last

/** Runs what is measured, under the profiler if one was asked for. The profiler costs time: what is timed then counts for nothing. */
export const profiled = async <A>(run: () => A | Promise<A>): Promise<A> => {
  if (file === undefined) return run()
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval: EVERY_US })
  session.post('Profiler.start')
  const result = await run()
  session.post('Profiler.stop', (_error, { profile }) => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(profile))
    last = read(profile)
  })
  session.disconnect()
  return result
}

const read = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profiled => {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const byOwner = new Map<Owner, number>()
  const byFunction = new Map<string, number>()
  let total = 0
  samples.forEach((id, i) => {
    const frame = frames.get(id)
    if (!frame || frame.functionName === '(idle)') return
    const us = timeDeltas[i] ?? 0
    const owner = ownerOf(frame)
    total += us
    byOwner.set(owner, (byOwner.get(owner) ?? 0) + us)
    if (owner !== 'rx-phoenix') return
    const name = frame.functionName || 'a callback'
    byFunction.set(name, (byFunction.get(name) ?? 0) + us)
  })
  const share = (us = 0): number => us / total
  return {
    shares: Object.fromEntries(
      owners.map((owner) => [owner, share(byOwner.get(owner))]),
    ) as Profiled['shares'],
    most: [...byFunction]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 5)
      .map(([name, us]) => [name, share(us)] as const),
  }
}

const ownerOf = ({ functionName, url }: Profiler.Profile['nodes'][number]['callFrame']): Owner => {
  if (functionName === '(garbage collector)') return 'V8'
  // The only work of these is JSON.parse and JSON.stringify, which have no frames of their own.
  if (/^(parse|print)Json$/.test(functionName)) return 'JSON'
  if (url.includes('/node_modules/ws/')) return 'ws'
  if (url.includes('/node_modules/rxjs/')) return 'RxJS'
  if (url.includes('/dist/')) return 'rx-phoenix'
  return url.includes('/bench/') ? 'bench' : 'Node'
}

/** Where the time of each row went, as a Markdown table. */
export const toProfileTable = (rows: readonly (readonly [name: string, profile: Profiled])[]): string =>
  [
    `| | ${owners.join(' | ')} | most of rx-phoenix |`,
    `|---|${owners.map(() => '---|').join('')}---|`,
    ...rows.map(([name, { shares, most }]) => {
      const functions = most.map(([name, share]) => `${name} ${percent(share)}`).join(', ')
      return `| ${name} | ${owners.map((owner) => percent(shares[owner])).join(' | ')} | ${functions} |`
    }),
  ].join('\n')

const percent = (share: number): string => `${Math.round(share * 100)} %`
