import { type Mark, type TracedFrame } from './lane.ts'
import { schedule, type Step } from './schedule.ts'

/** How long a test waits for what did not come, in ms. */
const MARGIN_MS = 10

/**
 * What was selected on a topic as a marble test for `rx-phoenix/testing`: a server that sends what the server sent, the
 * pushes that the client made, and the expectation that both arrive as they did. It passes as pasted.
 *
 * Times are relative to the first thing selected, in whole milliseconds, each with one thing. A push without a reply is
 * expected to stay without one. Credentials are redacted, as they are in the trace. Joins, crashes and lost connections are
 * left out: the test has one join of its own.
 */
export const marbleTestOf = (topic: string, marks: readonly Mark[]): string => {
  const steps = schedule(marks).map((step, index) => ({ step, letter: letterOf(index) }))
  const messages = steps.filter(({ step }) => step.type === 'message')
  const pushes = steps.filter(({ step }) => step.type === 'push')
  const endMs = Math.max(0, ...steps.flatMap(({ step }) => [step.atMs, replyIn(step)?.atMs ?? 0])) + MARGIN_MS
  const heard = steps.flatMap(({ step, letter }) => {
    if (step.type === 'message') return [{ atMs: step.atMs, letter }]
    return step.reply ? [{ atMs: step.reply.atMs, letter }] : []
  })

  return `${IMPORTS}
${notesOf(marks)}runMarbles(({ expectObservable, expectSent, phoenix }) => {
  const topic = ${literal(topic)}

  ${comment('What the server sends unasked.')}
  const messages = ${record(messages, ({ step }) => `broadcast(topic, ${literal(step.event)}, ${literal(step.payload)})`)}
  ${comment('What the client pushes.')}
  const pushes = ${record(pushes, ({ step }) => `pushFrame(topic, ${literal(step.event)}, ${literal(step.payload)})`)}
  ${comment('What the server replies, in the order of the pushes; undefined: nothing.')}
  const replies: ({ status: string; response: unknown; afterMs: number } | undefined)[] = [${pushes
    .map(({ step }) => `\n    ${replyLiteral(step)},`)
    .join('')}${pushes.length > 0 ? '\n  ' : ''}]

  const server = phoenix(${literal(diagram([{ atMs: 0, letter: 'o' }, ...at(messages)]))}, messages, {
    answer: (message) => {
      if (message.event.startsWith('phx_')) return answerOk(message)
      const reply = replies.shift()
      return reply ? of(replyTo(message, reply.status, reply.response)).pipe(delay(reply.afterMs)) : NEVER
    },
  })
  const channel = phoenixSocket('ws://localhost/socket', {
    transport: server.transport,
    heartbeatIntervalMs: 0,
    pushTimeoutMs: ${endMs * 2},
  }).channel(topic)
  const pushAt = (atMs: number, event: string, payload: unknown) =>
    timer(atMs).pipe(
      switchMap(() => channel.push(event, payload)),
      ${comment('A refusal is a value here, so that it has its place in the diagram.')}
      catchError((error: { status: string; response: unknown }) => of({ refused: error.status, response: error.response })),
    )

  const heard$ = merge(
    channel.pipe(ignoreElements()),${[
      ...new Set(messages.map(({ step }) => `\n    channel.on(${literal(step.event)}),`)),
      ...pushes.map(
        ({ step }) => `\n    pushAt(${step.atMs}, ${literal(step.event)}, ${literal(step.payload)}),`,
      ),
    ].join('')}
  )
  expectObservable(heard$, ${literal(`^ ${endMs - 1}ms !`)}).toBe(${literal(diagram(heard))}, ${record(
    steps.filter(({ step }) => step.type === 'message' || step.reply),
    ({ step }) => literal(heardValue(step)),
  )})
  expectSent(server).toBe(${literal(
    diagram([{ atMs: 0, letter: 'J' }, ...at(pushes), { atMs: endMs, letter: 'L' }]),
  )}, { ...pushes, J: joinFrame(topic), L: leaveFrame(topic) })
})
`
}

/** Comments on what the test cannot repeat. */
const notesOf = (marks: readonly Mark[]): string => {
  const hasBytes = marks.some(({ sent, received }) =>
    [sent, received].some((frame) => frame && isBytes(frame)),
  )
  const lost = marks.filter(({ label }) => label === 'phx_error' || label === 'phx_close').length
  return [
    ...(hasBytes
      ? [`${comment('Bytes are not in a trace: texts such as "<20 bytes>" stand for them.')}\n`]
      : []),
    ...(lost > 0
      ? [`${comment(`Left out: ${lost} of phx_error and phx_close, since this test has one join.`)}\n`]
      : []),
  ].join('')
}

const isBytes = ({ frame }: TracedFrame): boolean => /^<\d+ bytes>$/.test(frame)

/** Put together, so that no tool takes a line of this file for an import or a comment of its own. */
const IMPORTS = [
  ['phoenixSocket', 'rx-phoenix'],
  ['answerOk, broadcast, joinFrame, leaveFrame, pushFrame, replyTo, runMarbles', 'rx-phoenix/testing'],
  ['catchError, delay, ignoreElements, merge, NEVER, of, switchMap, timer', 'rxjs'],
]
  .map(([names, from]) => `import { ${names} } from '${from}'\n`)
  .join('')

const comment = (text: string): string => `// ${text}`

interface Lettered {
  readonly step: Step
  readonly letter: string
}

interface Placed {
  readonly atMs: number
  readonly letter: string
}

/** Letters that mean nothing in a diagram. `o`, `J` and `L` are taken. */
const LETTERS = Array.from('abcdefghijklmnpqrstuvwxyzABCDEFGHIKMNOPQRSTUVWXYZ')

/** Past the alphabet come CJK ideographs: twenty thousand letters that no diagram gives a meaning and any object takes as keys. */
const letterOf = (index: number): string =>
  LETTERS[index] ?? String.fromCodePoint(0x4e00 + index - LETTERS.length)

const at = (lettered: readonly Lettered[]): Placed[] =>
  lettered.map(({ step, letter }) => ({ atMs: step.atMs, letter }))

/** A marble diagram with one letter a millisecond, and pauses as times. */
const diagram = (placed: readonly Placed[]): string => {
  let cursor = 0
  let text = ''
  for (const { atMs, letter } of [...placed].sort((a, b) => a.atMs - b.atMs)) {
    const pauseMs = atMs - cursor
    text += pauseMs > 3 ? ` ${pauseMs}ms ${letter}` : '-'.repeat(pauseMs) + letter
    cursor = atMs + 1
  }
  return text.trim()
}

const replyIn = (step: Step) => (step.type === 'push' ? step.reply : undefined)

const replyLiteral = (step: Step): string => {
  const reply = replyIn(step)
  if (!reply) return 'undefined'
  const { status, response, atMs } = reply
  return `{ status: ${literal(status)}, response: ${literal(response)}, afterMs: ${atMs - step.atMs} }`
}

const heardValue = (step: Step): unknown => {
  const reply = replyIn(step)
  if (!reply) return step.payload
  return reply.status === 'ok' ? reply.response : { refused: reply.status, response: reply.response }
}

const record = (lettered: readonly Lettered[], value: (lettered: Lettered) => string): string =>
  lettered.length === 0
    ? '{}'
    : `{${lettered.map((each) => `\n    ${each.letter}: ${value(each)},`).join('')}\n  }`

/** A value as source text. JSON is JavaScript since ES2019, except for `__proto__`, which would set the prototype. */
const literal = (value: unknown): string =>
  JSON.stringify(value ?? null).replaceAll(/"__proto__"(?=\s*:)/g, '["__proto__"]')
