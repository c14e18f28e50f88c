import { catchError, filter, firstValueFrom, fromEvent, map, merge, of, take, takeUntil, timer } from 'rxjs'
import { type ConnectionError, webSocketTransport } from '../../index.ts'
import { type Case } from './examine-socket.ts'
import { type Finding } from './finding.ts'

/** How often Phoenix clients send a heartbeat, in seconds. */
const HEARTBEAT_SECONDS = 30

/** Stays silent and sees who ends the connection, and when. */
export const examineIdle = (seconds: number, given: Case): Promise<Finding> => {
  const { headers, tls, signal, timeoutMs: _unused, ...target } = given
  const beganAt = performance.now()
  const ended$ = webSocketTransport({ headers, tls })(target).pipe(
    filter((): boolean => false),
    map((): Finding => survived(seconds)),
    catchError((error: ConnectionError) => of(ended(error, (performance.now() - beganAt) / 1000))),
  )
  const over$ = timer(seconds * 1000).pipe(map(() => survived(seconds)))
  return firstValueFrom(merge(ended$, over$).pipe(take(1), takeUntil(fromEvent(signal, 'abort'))), {
    defaultValue: survived(0),
  })
}

const survived = (seconds: number): Finding => ({
  check: 'idle',
  verdict: 'ok',
  found: `still open after ${seconds} s of silence`,
})

const ended = (error: ConnectionError, afterSeconds: number): Finding => {
  const code = error._tag === 'ConnectionClosed' ? ` with code ${error.code}` : ''
  const found = `ended after ${afterSeconds.toFixed(1)} s of silence${code}`
  return afterSeconds > HEARTBEAT_SECONDS
    ? {
        check: 'idle',
        verdict: 'ok',
        found: `${found}; a heartbeat each ${HEARTBEAT_SECONDS} s keeps it open`,
      }
    : {
        check: 'idle',
        verdict: 'warning',
        found,
        cause: 'the server or a proxy has an idle timeout that is shorter than the heartbeat',
        fix: `let clients send a heartbeat at least every ${Math.max(1, Math.floor(afterSeconds))} s, or raise the timeout (Phoenix: timeout, nginx: proxy_read_timeout)`,
      }
}
