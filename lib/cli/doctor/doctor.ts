import { Observable } from 'rxjs'
import { type JoinFlags } from '../connection-flags.ts'
import { type Context } from '../context.ts'
import { joinParams, targetOf } from '../endpoint.ts'
import { DONE, FAILED } from '../exit-code.ts'
import { type Task } from '../run-task.ts'
import { painter, printable, type Tone } from '../status.ts'
import { examineFurther, examineSocket } from './examine-socket.ts'
import { type Finding, type Verdict } from './finding.ts'
import { examineIdle } from './idle.ts'
import { examineJoin } from './join.ts'
import { inspectTls, reach, resolve } from './network.ts'
import { examineUrl } from './url.ts'

export interface DoctorFlags extends JoinFlags {
  readonly topic?: string
  readonly idle?: number
  readonly json?: boolean
}

/** Prints what it finds, one check after the other, and gives FAILED if there is a problem. */
export const doctor = (url: string, flags: DoctorFlags, { print, status }: Context): Task =>
  new Observable<number>((subscriber) => {
    const stop = new AbortController()
    const tell = flags.json === true ? print : showOn(process.stdout)
    const examineAll = async (): Promise<void> => {
      let problems = 0
      for await (const finding of examine(url, flags, stop.signal)) {
        if (stop.signal.aborted) return
        tell(finding)
        if (finding.verdict === 'problem') problems += 1
      }
      if (problems > 0) status.tell(problems === 1 ? '1 problem' : `${problems} problems`, 'warning')
      else status.tell('no problem', 'good')
      subscriber.next(problems === 0 ? DONE : FAILED)
      subscriber.complete()
    }
    examineAll().catch((error: unknown) => {
      subscriber.error(error)
    })
    return () => {
      stop.abort()
    }
  })

/** In order, from DNS upwards; what depends on a check that failed is not checked. */
async function* examine(given: string, flags: DoctorFlags, signal: AbortSignal): AsyncGenerator<Finding> {
  const { url, findings } = examineUrl(given)
  yield* findings
  if (!url) return
  const target = targetOf(flags)
  const secure = url.protocol === 'wss:' || url.protocol === 'https:'
  const place = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    timeoutMs: target.timeoutMs,
    signal,
    ca: target.ca,
  }
  const { addresses, finding } = await resolve(place.host)
  yield finding
  if (addresses.length === 0) return
  const reached = await reach(addresses, place)
  yield reached
  if (reached.verdict === 'problem') return
  if (secure) {
    const seen = await inspectTls(place)
    const accepted = flags.insecure === true && seen.verdict === 'problem'
    yield accepted ? { ...seen, verdict: 'warning' } : seen
    if (seen.verdict === 'problem' && !accepted) return
  }
  const socket = { ...target, url: given, signal }
  const works = yield* examineSocket(socket)
  if (!works) return
  yield* examineFurther(socket)
  if (flags.topic !== undefined) yield await examineJoin(flags.topic, joinParams(flags), socket)
  if (flags.idle !== undefined) yield await examineIdle(flags.idle, socket)
}

const tones: Readonly<Record<Verdict, Tone>> = {
  ok: 'good',
  note: 'plain',
  warning: 'warning',
  problem: 'bad',
}

const showOn = (output: NodeJS.WriteStream): ((finding: Finding) => void) => {
  const paint = painter(output, process.env)
  return ({ check, verdict, found, cause, fix }) => {
    const lines = [`${check.padEnd(9)}  ${found}`]
    if (cause !== undefined) lines.push(`cause      ${cause}`)
    if (fix !== undefined) lines.push(`fix        ${fix}`)
    const [first = '', ...rest] = lines.map(printable)
    output.write(`${paint(verdict.padEnd(7), tones[verdict])}  ${first}\n`)
    for (const line of rest) output.write(`${' '.repeat(9)}${line}\n`)
  }
}
