import { map, type Observable, of } from 'rxjs'
import { phoenixSocket, whenJoined } from 'rx-phoenix'
import { feed, processWith } from 'rx-phoenix/durable'
import { type Measured } from '../measured.ts'
import { cpuUs } from '../measures/cpu-us.ts'
import { median } from '../measures/median.ts'
import { type Flood } from '../server-frames.ts'

interface Numbered {
  readonly n: number
}

const ROUNDS = 5
const FLOOD: Omit<Flood, 'n'> = { topics: 1, size: 100, binary: false, event: 'msg', supabase: false }

/** CPU time of a message of a feed by that of `on`: in turns, each on a connection of its own. */
export const feedAgainstOn = async (url: string, n: number, handled: boolean): Promise<Measured> => {
  const ratios: number[] = []
  let correct = true
  for (let round = 0; round <= ROUNDS; round++) {
    const [feedRun, onRun] = [
      await flooded(url, n, handled ? 'processed' : 'feed'),
      await flooded(url, n, 'on'),
    ]
    correct &&= feedRun.correct && onRun.correct
    // The first round warms up.
    if (round > 0) ratios.push(feedRun.value / onRun.value)
  }
  return { value: median(ratios), correct }
}

/** Reads a flood from its beginning to its end. Gives its CPU time in µs. */
const flooded = async (url: string, n: number, how: 'on' | 'feed' | 'processed'): Promise<Measured> => {
  const socket = phoenixSocket(url)
  let expected = 0
  let wrong = 0
  const reading = numbers(how, socket).subscribe((number) => {
    if (number !== expected) wrong += 1
    expected += 1
  })
  const last = socket.channel('bench:last')
  const over: Promise<void> = new Promise((resolve) => {
    reading.add(
      last.on('last').subscribe(() => {
        resolve()
      }),
    )
  })
  await whenJoined(last)
  await whenJoined(socket.channel('bench:0'))
  const value = await cpuUs(async () => {
    last.send('flood', { ...FLOOD, n }).subscribe()
    await over
  })
  reading.unsubscribe()
  return { value, correct: wrong === 0 && expected === n }
}

const numbers = (
  how: 'on' | 'feed' | 'processed',
  socket: ReturnType<typeof phoenixSocket>,
): Observable<number> => {
  if (how === 'on')
    return socket
      .channel('bench:0')
      .on('msg')
      .pipe(map((value) => (value as Numbered).n))
  const numbered$ = feed(socket, { topic: 'bench:0', event: 'msg', cursor: (value) => (value as Numbered).n })
  if (how === 'feed')
    return numbered$.pipe(map((event) => (event.type === 'delivery' ? (event.value as Numbered).n : NaN)))
  return numbered$.pipe(
    processWith((value) => of((value as Numbered).n)),
    map((done) => (typeof done === 'number' ? done : NaN)),
  )
}
