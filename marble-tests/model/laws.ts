import { type Entry, INPUTS, type Step, UNSUBSCRIBED, seenBy, STATES, WIRE } from './stimulus.ts'

interface JoinOnLink {
  readonly ref: string
  accepted: boolean
  /** The server said of something on this topic that it is not joined. */
  doubtful?: boolean
}

/** What must hold in every history, whatever the model says. Each law gives what breaks it. */
export const laws = (steps: readonly Step[]): readonly string[] => {
  const sights = steps.flatMap(({ entries }) => entries)
  return [
    ...nothingAfterTheEnd(sights),
    ...sentAsOftenAsSaid(sights, steps),
    ...onlyIntoJoins(steps),
    ...statesBeforeErrors(steps),
  ]
}

const ENDS = /^(complete|error )/

/** S6, S7: a subscription ends once, and gives nothing after that or after it was unsubscribed. */
function* nothingAfterTheEnd(sights: readonly Entry[]): Generator<string> {
  const ended: Set<string> = new Set()
  for (const { who, what } of sights) {
    const ending = what === UNSUBSCRIBED || ENDS.test(what)
    if (ended.has(who) && what !== UNSUBSCRIBED) yield `${who} got "${what}" after its end`
    if (ending) ended.add(who)
  }
}

/** S5, S6: each subscription of a push is sent once, and the flag `sent` says whether it was. */
function* sentAsOftenAsSaid(sights: readonly Entry[], steps: readonly Step[]): Generator<string> {
  const frames: Map<string, number> = new Map()
  for (const { who, what } of sights) {
    const event = who === WIRE ? /^out \S+ \S+ p(\d+) /.exec(what)?.[1] : undefined
    if (event !== undefined) frames.set(event, (frames.get(event) ?? 0) + 1)
  }
  for (const { stimulus } of steps) {
    if (stimulus.type !== 'subscribe' || !('retries' in stimulus.target)) continue
    const { id, target } = stimulus
    const sent = frames.get(String(id)) ?? 0
    if (sent > 1 + target.retries) yield `push ${id} went out ${sent} times`
    const end = sights.find(({ who, what }) => who === `subscription ${id}` && ENDS.test(what))?.what
    if (end === undefined || target.retries > 0) continue
    const said = end === 'complete' || end.endsWith(' sent') || end.startsWith('error PushRefused')
    const saidNot = !said || end.endsWith('not sent')
    if ((saidNot ? 0 : 1) !== sent) yield `push ${id} says "${end}" and went out ${sent} times`
  }
}

/** S1, S4, S5, S8: nothing goes out but into a join that was accepted and not given up, and each that is given up is left. */
function* onlyIntoJoins(steps: readonly Step[]): Generator<string> {
  const joins: Map<string, JoinOnLink> = new Map()
  let dialled = false
  for (const { stimulus, entries } of steps) {
    if (stimulus.type === 'message') {
      const { topic, event, ref, joinRef, payload } = stimulus.message
      const join = joins.get(topic)
      const { status } = payload as { readonly status?: string }
      if (join && event === 'phx_reply' && ref === join.ref && !join.accepted) {
        if (status === 'ok') join.accepted = true
        else joins.delete(topic)
      } else if (join && (event === 'phx_close' || event === 'phx_error') && (joinRef ?? ref) === join.ref)
        joins.delete(topic)
      else if (join && status === 'error' && joinRef === null) join.doubtful = true
    }
    for (const { who, what } of entries) {
      if (who !== WIRE) continue
      const [kind = '', refs = '', topic = '', event = ''] = what.split(' ')
      if (kind === 'dial') {
        if (dialled) yield 'dialled beside an open link'
        dialled = true
      } else if (kind === 'closed') {
        dialled = false
        if (stimulus.type === 'unsubscribe')
          for (const [left, { doubtful }] of joins) if (!doubtful) yield `closed without leaving ${left}`
        joins.clear()
      } else if (topic !== 'phoenix') {
        const [joinRef = '', ref = ''] = refs.split('/')
        const join = joins.get(topic)
        if (!dialled) yield `"${what}" went out on a closed link`
        if (event === 'phx_join') joins.set(topic, { ref, accepted: false })
        else if (join?.ref !== joinRef && event !== 'phx_leave') yield `"${what}" went out into no join`
        else if (event === 'phx_leave') joins.delete(topic)
        else if (!join?.accepted) yield `"${what}" went out before the join was accepted`
      }
    }
  }
}

/** S9: the wait shown is the wait that happens, unless something ends it early, which happens in a step of its own. */
export function* waitsAsShown(steps: readonly Step[]): Generator<string> {
  const due: Map<string, number> = new Map()
  for (const { stimulus, entries } of steps) {
    // A wake-up, a pause, a new value of a stream, a loss.
    if (stimulus.type !== 'time') due.clear()
    for (const { at, who, what } of entries) {
      if (who === STATES) continue
      // A stream that took its time has its first value.
      if (who === INPUTS) due.clear()
      const [state, , waitMs] = what.split(' ')
      const dueAt = due.get(who)
      if (
        stimulus.type === 'time' &&
        dueAt !== undefined &&
        dueAt !== at &&
        (state === 'connecting' || state === 'joining')
      )
        yield `${who}: "${what}" at ${at}, and not at ${dueAt} as was said`
      due.delete(who)
      // Who comes late is shown the state as it became: its wait began before.
      if (
        (state === 'waiting' || state === 'errored') &&
        waitMs !== undefined &&
        stimulus.type !== 'subscribe'
      )
        due.set(who, at + Number(waitMs))
    }
  }
}

/** S6: the state of the channel changes first, then its pushes fail. */
function* statesBeforeErrors(steps: readonly Step[]): Generator<string> {
  const targets: Map<string, readonly [to: string, topic: string]> = new Map()
  /** Who has heard something before this step, and not for the first time in it. */
  const heard: Set<string> = new Set()
  for (const { stimulus, entries } of steps) {
    if (stimulus.type === 'subscribe' && stimulus.target.to !== 'socket')
      targets.set(seenBy(stimulus.id), [stimulus.target.to, stimulus.target.topic])
    const failed: Map<string, number> = new Map()
    for (const { at, who, what } of entries) {
      const [to = '', topic = ''] = targets.get(who) ?? []
      if (to === 'push' && /^error (ConnectionLost|Channel)/.test(what)) failed.set(topic, at)
      if (heard.has(who) && to === 'channel' && failed.get(topic) === at && !/^(join|complete)/.test(what))
        yield `${who} heard "${what}" after a push on ${topic} had failed`
    }
    for (const { who } of entries) heard.add(who)
  }
}
