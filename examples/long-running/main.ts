import { fromEvent, lastValueFrom, merge, take, tap } from 'rxjs'
import { type SocketError } from 'rx-phoenix'
import { clockServer } from './server.ts'
import { type Happening, service } from './service.ts'

/** `--forever`: a clock that goes on until Ctrl-C. */
const ticks = process.argv.includes('--forever') ? Infinity : 30
const server = await clockServer(ticks, 10, 10)

let last = 0
const show = (happening: Happening): void => {
  if (happening.type === 'tick') last = happening.n
  else if (happening.type === 'ready') console.log('ready')
  else if (happening.state.status === 'waiting') console.log(`away: ${happening.state.cause._tag}`)
  else console.log(happening.state.status)
}

// After the first one a second Ctrl-C ends the process at once, as it does without a listener.
const stop$ = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM')).pipe(
  take(1),
  tap(() => {
    console.log('stopping')
  }),
)

try {
  await lastValueFrom(service(server.url, server.issueToken, stop$).pipe(tap(show)), {
    defaultValue: undefined,
  })
} catch (error) {
  console.error((error as SocketError).message)
  process.exitCode = 1
} finally {
  await server.close()
}
console.log(
  `${last} ticks, ${server.issued()} tokens, ${server.refused()} refusals, the channel: ${server.ended.join(', ')}`,
)
