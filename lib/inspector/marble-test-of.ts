import { type Filter } from './filter.ts'
import { type Mark, type TracedFrame } from './lane.ts'
import { type Lettered, lettered } from './lettered.ts'
import { marbleDiagram, type Placed } from './marble-diagram.ts'
import { type MessageStep, type PushStep, schedule } from './schedule.ts'
import { type Range } from './scene.ts'
import { marksBetween } from './selection.ts'
import { serverLines } from './server-lines.ts'
import { sourceText } from './source-text.ts'
import { type Turn, turnsBetween } from './turns.ts'

/** How long a test waits for what did not come, in ms. */
const MARGIN_MS = 10

/**
 * What was selected on a topic as a marble test for `rx-phoenix/testing`: a server that sends what the server sent, the
 * pushes that the client made, the crashes of the channel and losses of the connection, and the expectation that everything
 * arrives as it did. It passes as pasted.
 *
 * Times are relative to the first thing selected, in whole milliseconds, each with one thing. A push without a reply is
 * expected to fail with the next crash or loss, or else to stay without one. Credentials are redacted, as they are in the
 * trace. That the server closed the channel is left out: whether to subscribe again is up to the application.
 */
export const marbleTestOf = ({ lane, fromMs, toMs }: Range, filter: Filter): string => {
  const marks = marksBetween(lane, fromMs, toMs, filter)
  const turns = turnsBetween(lane, fromMs, toMs)
  const steps = lettered(schedule(marks, turns))
  const messages = steps.filter(isMessage)
  const pushes = steps.filter(isPush)
  const hasCrash = steps.some(({ step }) => step.type === 'crash')
  const lines = serverLines(steps)
  const heard = steps.flatMap(heardOf)
  const endMs =
    Math.max(0, ...steps.map(({ step }) => step.atMs), ...heard.map(({ atMs }) => atMs)) + MARGIN_MS

  return `${importsOf(hasCrash)}
${notesOf(marks, turns)}runMarbles(({ expectObservable, expectSent, phoenix }) => {
  const topic = ${sourceText(lane.name)}

  ${comment('What the server sends unasked.')}
  const messages = ${record(messages, ({ step }) => `broadcast(topic, ${sourceText(step.event)}, ${sourceText(step.payload)})`)}
  ${comment('What the client pushes.')}
  const pushes = ${record(pushes, ({ step }) => `pushFrame(topic, ${sourceText(step.event)}, ${sourceText(step.payload)})`)}
  ${comment('What the server replies, in the order of the pushes; undefined: nothing.')}
  const replies: ({ status: string; response: unknown; afterMs: number } | undefined)[] = [${pushes
    .map(({ step }) => `\n    ${replyText(step)},`)
    .join('')}${pushes.length > 0 ? '\n  ' : ''}]${POLICIES.map((each) => waitsText(steps, each)).join('')}

  const server = phoenix(${sourceText(lines.length > 1 ? lines : lines[0])}, ${hasCrash ? CRASH_TEXT : 'messages'}, {
    answer: (message) => {
      if (message.event.startsWith('phx_')) return answerOk(message)
      const reply = replies.shift()
      return reply ? of(replyTo(message, reply.status, reply.response)).pipe(delay(reply.afterMs)) : NEVER
    },
  })
  const channel = phoenixSocket('ws://localhost/socket', {
    transport: server.transport,
    heartbeatIntervalMs: 0,
    pushTimeoutMs: ${endMs * 2},${POLICIES.map((each) => policyText(steps, each)).join('')}
  }).channel(topic)
  const pushAt = (atMs: number, event: string, payload: unknown) =>
    timer(atMs).pipe(
      switchMap(() => channel.push(event, payload)),
      ${comment('A failure is a value here, so that it has its place in the diagram.')}
      catchError((error: PushError) =>
        of(error._tag === 'PushRefused' ? { refused: error.status, response: error.response } : { failed: error._tag }),
      ),
    )

  const heard$ = merge(
    channel.pipe(ignoreElements()),${[
      ...new Set(messages.map(({ step }) => `\n    channel.on(${sourceText(step.event)}),`)),
      ...pushes.map(
        ({ step }) => `\n    pushAt(${step.atMs}, ${sourceText(step.event)}, ${sourceText(step.payload)}),`,
      ),
    ].join('')}
  )
  expectObservable(heard$, ${sourceText(`^ ${endMs - 1}ms !`)}).toBe(${sourceText(marbleDiagram(heard))}, ${record(heard, ({ value }) => sourceText(value))})
  expectSent(server).toBe(${sourceText(marbleDiagram(sentBy(steps, endMs)))}, { ...pushes, J: joinFrame(topic), L: leaveFrame(topic) })
})
`
}

/** Comments on what the test cannot repeat. */
const notesOf = (marks: readonly Mark[], turns: readonly Turn[]): string => {
  const hasBytes = marks.some(({ sent, received }) =>
    [sent, received].some((frame) => frame && isBytes(frame)),
  )
  return [
    ...(hasBytes ? ['Bytes are not in a trace: texts such as "<20 bytes>" stand for them.'] : []),
    ...(turns.some(({ type }) => type === 'close')
      ? ['Left out: the server closed the channel, and the application subscribed again.']
      : []),
  ]
    .map((note) => `${comment(note)}\n`)
    .join('')
}

const isBytes = ({ frame }: TracedFrame): boolean => /^<\d+ bytes>$/.test(frame)

/** Put together, so that no tool takes a line of this file for an import or a comment of its own. */
const importsOf = (hasCrash: boolean): string => {
  const testing = ['answerOk', 'broadcast', ...(hasCrash ? ['crashed'] : []), 'joinFrame', 'leaveFrame']
  return [
    ['phoenixSocket, type PushError', 'rx-phoenix'],
    [[...testing, 'pushFrame', 'replyTo', 'runMarbles'].join(', '), 'rx-phoenix/testing'],
    ['catchError, delay, ignoreElements, merge, NEVER, of, switchMap, timer', 'rxjs'],
  ]
    .map(([names, from]) => `import { ${names} } from '${from}'\n`)
    .join('')
}

const comment = (text: string): string => `// ${text}`

/** All crashes have one letter, since only their times differ. */
const CRASH_TEXT = '{ ...messages, X: (joinRefOf) => crashed(topic, joinRefOf(topic)) }'

const isMessage = (each: Lettered): each is Lettered<MessageStep> => each.step.type === 'message'
const isPush = (each: Lettered): each is Lettered<PushStep> => each.step.type === 'push'

/** What subscribers hear of a step: a message when it comes, a push when it ends. */
const heardOf = ({ step, letter }: Lettered): readonly (Placed & { readonly value: unknown })[] => {
  if (step.type === 'message') return [{ atMs: step.atMs, letter, value: step.payload }]
  if (step.type !== 'push' || !step.outcome) return []
  const { outcome } = step
  const { atMs } = outcome
  if ('failed' in outcome) return [{ atMs, letter, value: { failed: outcome.failed } }]
  const { status, response } = outcome
  return [{ atMs, letter, value: status === 'ok' ? response : { refused: status, response } }]
}

/** What the client sends: joins, pushes, and a leave at the end if the channel is joined by then. */
const sentBy = (steps: readonly Lettered[], endMs: number): readonly Placed[] => {
  const turns = steps.filter(({ step: { type } }) => type === 'crash' || type === 'drop' || type === 'rejoin')
  const last = turns.at(-1)?.step.type
  return [
    { atMs: 0, letter: 'J' },
    ...steps.flatMap(({ step: { type, atMs }, letter }) => {
      if (type === 'rejoin') return [{ atMs, letter: 'J' }]
      return type === 'push' ? [{ atMs, letter }] : []
    }),
    ...(last === undefined || last === 'rejoin' ? [{ atMs: endMs, letter: 'L' }] : []),
  ]
}

/** Each break of a kind has the wait before it ended; without one in the selection, a wait that outlasts the test. */
const waitsText = (steps: readonly Lettered[], { type, policy, text }: (typeof POLICIES)[number]): string => {
  if (!steps.some(({ step }) => step.type === type)) return ''
  const waits = steps.flatMap(({ step }) =>
    step.type === 'rejoin' && step.after.type === type ? [step.atMs - step.after.atMs] : [],
  )
  return `
  ${comment(text)}
  const ${policy}AfterMs: number[] = ${sourceText(waits)}`
}

const policyText = (steps: readonly Lettered[], { type, policy }: (typeof POLICIES)[number]): string =>
  steps.some(({ step }) => step.type === type)
    ? `\n    ${policy}: () => ${policy}AfterMs.shift() ?? 60_000,`
    : ''

const POLICIES = [
  {
    type: 'crash',
    policy: 'rejoin',
    text: 'How long the channel waits after each crash (X) before it joins again.',
  },
  {
    type: 'drop',
    policy: 'reconnect',
    text: 'How long the client waits after each lost connection (#) before it connects again.',
  },
] as const

const replyText = ({ atMs, outcome }: PushStep): string => {
  if (!outcome || 'failed' in outcome) return 'undefined'
  const { status, response } = outcome
  return `{ status: ${sourceText(status)}, response: ${sourceText(response)}, afterMs: ${outcome.atMs - atMs} }`
}

const record = <A extends { readonly letter: string }>(
  all: readonly A[],
  value: (each: A) => string,
): string =>
  all.length === 0 ? '{}' : `{${all.map((each) => `\n    ${each.letter}: ${value(each)},`).join('')}\n  }`
