import { ClassicLevel } from 'classic-level'
import { concatMap, filter, interval, map, startWith, take, tap } from 'rxjs'
import { outbox } from '../../lib/durable/index.ts'
import { phoenixSocket } from '../../lib/index.ts'

/**
 * The process that writes: `node writer.js URL TOPIC FOLDER FROM`. Puts one numbered order after the other into an outbox,
 * and prints each number when it is stored. With `FROM` 0 it sends what an earlier one has left, and ends.
 */
const [url = '', topic = '', folder = '', from = '0'] = process.argv.slice(2)
const store = new ClassicLevel<string, string>(folder)
const socket = phoenixSocket(url, { reconnect: () => 10, rejoin: () => 10 })
const outgoing = outbox(socket.channel(topic), { store, timeoutMs: 1_000, retry: () => 10 })
const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

if (from === '0')
  outgoing.flush().subscribe({
    complete: () => {
      say('empty')
    },
  })
else {
  outgoing.entries$.pipe(take(1)).subscribe(() => {
    say('ready')
  })
  interval(3)
    .pipe(
      startWith(-1),
      map((i) => Number(from) + i + 1),
      // One is stored before the next is made, so that their order is known; none waits until it is sent.
      concatMap((n) =>
        outgoing.push('add', { n }, { key: `order-${n}` }).pipe(
          filter(({ status }) => status === 'queued'),
          take(1),
          tap(() => {
            say(`${n}`)
          }),
        ),
      ),
    )
    .subscribe()
  outgoing.entries$.subscribe()
}
