import { monitorEventLoopDelay } from 'node:perf_hooks'
import { catchError, EMPTY, fromEvent, merge, takeUntil, tap } from 'rxjs'
import { longPollTransport, phoenixSocket, webSocketTransport } from 'rx-phoenix'

/*
 * Run by graceful.spec.ts in a process of its own: holds two rooms and a push until Ctrl-C, and ends by itself. The last
 * line tells how long that took, and how far this machine held it up.
 */
const [url = '', transport = 'websocket'] = process.argv.slice(2)
const socket = phoenixSocket(url, {
  transport: transport === 'longpoll' ? longPollTransport() : webSocketTransport(),
  reconnect: () => 60_000,
})
const lag = monitorEventLoopDelay({ resolution: 5 })
lag.enable()
let unsubscribedAt = NaN
process.once('exit', () => {
  console.log(JSON.stringify({ ms: performance.now() - unsubscribedAt, lagMs: lag.max / 1e6 }))
})

const [a, b] = [socket.channel('room:a'), socket.channel('room:b')]
merge(
  socket.pipe(
    tap(({ status }) => {
      console.log(status)
    }),
  ),
  ...[a, b].map((room) =>
    room.pipe(
      tap(({ status }) => {
        console.log(`${room.topic} ${status}`)
      }),
    ),
  ),
  a.push('no_answer').pipe(catchError(() => EMPTY)),
)
  .pipe(takeUntil(fromEvent(process, 'SIGINT')))
  .subscribe({
    complete: () => {
      unsubscribedAt = performance.now()
      lag.reset()
    },
  })
