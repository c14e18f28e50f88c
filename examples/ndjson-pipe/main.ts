import { createInterface } from 'node:readline'
import { connect, endWith, ignoreElements, lastValueFrom, merge, reduce, takeUntil, tap } from 'rxjs'
import { phoenixSocket, type SocketError } from 'rx-phoenix'
import { pushLines } from './push-lines.ts'

const CONCURRENCY = 16
const [url, topic, event] = process.argv.slice(2)

if (url === undefined || topic === undefined || event === undefined) {
  console.error('usage: main.ts URL TOPIC EVENT < lines.ndjson 2> dead.ndjson')
  process.exitCode = 2
} else {
  const channel = phoenixSocket(url).channel(topic)
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })
  const outcomes$ = pushLines(lines[Symbol.asyncIterator](), channel, event, CONCURRENCY).pipe(
    // The channel is held for as long as there are lines, so that no line has to join anew. If it ends with an error,
    // a join that is refused say, so does the whole: to make each line a dead letter would help nobody.
    connect((shared$) =>
      merge(
        shared$,
        channel.pipe(ignoreElements(), takeUntil(shared$.pipe(ignoreElements(), endWith('over')))),
      ),
    ),
    tap((outcome) => {
      if (outcome.type === 'dead') console.error(JSON.stringify(outcome))
      else console.log(JSON.stringify({ line: outcome.line, reply: outcome.reply }))
    }),
    reduce((dead, { type }) => (type === 'dead' ? dead + 1 : dead), 0),
  )
  try {
    process.exitCode = (await lastValueFrom(outcomes$)) === 0 ? 0 : 5
  } catch (error) {
    console.error((error as SocketError).message)
    process.exitCode = 4
  } finally {
    process.stdin.destroy()
  }
}
