import { concatMap, timer } from 'rxjs'
import { feed, fileCheckpoint, processWith } from '../../lib/durable/index.ts'
import { phoenixSocket } from '../../lib/index.ts'

interface Entry {
  readonly seq: number
  readonly n: number
}

/**
 * The process that reads: `node reader.js URL TOPIC CHECKPOINT`. Applies each entry of a feed on the server, by a push
 * that carries the number of the entry as its key.
 */
const [url = '', topic = '', checkpoint = ''] = process.argv.slice(2)
const socket = phoenixSocket(url, { reconnect: () => 10, rejoin: () => 10 })
const applications = socket.channel(`${topic}:applied`)

const entries$ = feed(socket, {
  topic,
  event: 'entry',
  cursor: ({ seq }: Entry) => seq,
  sequence: ({ seq }: Entry) => seq,
  params: (cursor) => ({ after: cursor ?? 0 }),
  checkpoint: fileCheckpoint(checkpoint),
  saveEveryMs: 5,
})
entries$.state$.subscribe(({ status }) => {
  if (status === 'joined') console.log('joined')
})
entries$
  .pipe(
    processWith(
      ({ seq, n }) =>
        // Some take longer than a save, which shows a position that is committed too early.
        timer(seq % 3 === 0 ? 50 : 0).pipe(
          concatMap(() => applications.push('apply', { idempotency_key: `${seq}`, n })),
        ),
      { retry: () => 10 },
    ),
  )
  .subscribe((event) => {
    if (typeof event === 'object' && event !== null && 'type' in event)
      console.log('trouble', JSON.stringify(event))
    else console.log('applied')
  })
