import { type Random } from '../random.ts'
import {
  type ConnectionPlan,
  type Ending,
  type Greeting,
  type Plans,
  type Shape,
  type When,
} from './connection-plan.ts'

const http = (status: string, ...headers: readonly string[]): string =>
  [`HTTP/1.1 ${status}`, ...headers, '', ''].join('\r\n')

const greetings: readonly [Greeting, ...Greeting[]] = [
  'stall',
  'fin',
  'rst',
  { answer: http('403 Forbidden', 'content-length: 0') },
  { answer: http('503 Service Unavailable', 'content-length: 0', 'retry-after: 1') },
  { answer: http('200 OK', 'content-length: 2') + 'hi' },
  { answer: http('302 Found', 'location: /login', 'content-length: 0') },
  {
    answer: http(
      '101 Switching Protocols',
      'upgrade: websocket',
      'connection: upgrade',
      'sec-websocket-accept: no',
    ),
  },
  { answer: http('502 Bad Gateway', 'content-length: 100') + 'half', stayOpen: true },
  { answer: 'HTTP/1.1 101 Swit', stayOpen: true },
  { answer: '\u0000\u0001 this is no HTTP at all\r\n\r\n' },
]

/** Small enough to split heads of frames, or none. */
const shape = (random: Random): Shape => {
  const kind = random.next()
  if (kind < 0.15) return { splitBytes: random.between(1, 9) }
  if (kind < 0.3) return { mergeMs: random.between(1, 30) }
  if (kind < 0.45) return { delayMs: random.between(1, 40) }
  return {}
}

/** The answer to the upgrade has some 130 bytes: the end may come within it, soon after it, or later. */
const moment = (random: Random): When => {
  const kind = random.next()
  if (kind < 0.1) return { direction: 'down', bytes: random.between(1, 130) }
  if (kind < 0.5) return { direction: 'down', bytes: random.between(131, 6_000) }
  if (kind < 0.75) return { direction: 'up', bytes: random.between(250, 4_000) }
  return { ms: random.between(5, 600) }
}

const plan = (random: Random): ConnectionPlan => {
  if (random.chance(0.15)) return { greeting: random.pick(greetings) }
  const shapes = { up: shape(random), down: shape(random) }
  if (random.chance(0.05)) return shapes
  const how = random.pick<Ending>([
    'fin',
    'rst',
    'rst',
    'silence up',
    'silence down',
    'silence both',
    'garbage',
  ])
  return { ...shapes, end: { how, when: moment(random) } }
}

/** Plans that depend on the seed and the number of the connection only, so that a failure can be had again. */
export const randomPlans =
  (random: Random): Plans =>
  (connection) =>
    plan(random.fork(connection))
