import { type Action } from './action.ts'
import { Client, type Place } from './client.ts'
import { Hands } from './hands.ts'
import { laws, waitsAsShown } from './laws.ts'
import { INPUT_NAMES, type Setup } from './setup.ts'
import { SocketModel } from './socket-model.ts'
import { type Step } from './stimulus.ts'

/** Does the same to the client and to the model. Gives what is wrong. */
export const playBoth = (setup: Setup, actions: readonly Action[]): readonly string[] => {
  const client = new Client(setup)
  const model = new SocketModel(setup)
  const hands = new Hands(client, (stimulus) => {
    client.apply(stimulus)
    model.apply(stimulus)
  })
  for (const action of actions) hands.do(action)
  endAll(hands)
  const wrong = [...wrongWith(client), ...waitsAsShown(client.log.steps), ...differences(client, model)]
  if (model.clock.pending > 0) wrong.push('the model has left a timer')
  return wrong.length > 0 ? [...wrong, ...shown(client.log.steps)] : wrong
}

/**
 * Does it to the client alone: there is no model of users who act while they are told something, or asked in some
 * place. The laws hold all the
 * same, and when the troubles are over all who are still subscribed are joined. Gives what is wrong.
 */
export const playAlone = (
  setup: Setup,
  place: Place,
  prompt: boolean,
  actions: readonly Action[],
): readonly string[] => {
  const client = new Client(setup, place)
  const hands = new Hands(client, (stimulus) => {
    client.apply(stimulus)
  })
  if (prompt) hands.answerPromptly()
  for (const action of actions) hands.do(action)
  hands.forgetReflexes()
  for (const of of INPUT_NAMES) {
    hands.do({ type: 'input mode', of, mode: 'ready' })
    // One that was silent when it was subscribed speaks.
    hands.do({ type: 'input', of })
  }
  hands.do({ type: 'pause', on: false })
  for (let i = 0; i < 8; i++) {
    hands.do({ type: 'settle' })
    hands.do({ type: 'time', ms: 3_000 })
  }
  hands.do({ type: 'settle' })
  const notJoined = client.watching().filter((state) => !state.includes(' joined '))
  endAll(hands)
  const wrong = [...wrongWith(client), ...notJoined.map((state) => `not joined in the end: ${state}`)]
  return wrong.length > 0 ? [...wrong, ...shown(client.log.steps)] : wrong
}

/** All unsubscribe, and what lingers goes. */
const endAll = (hands: Hands): void => {
  hands.do({ type: 'unsubscribe all' })
  hands.do({ type: 'time', ms: 3_000 })
}

const wrongWith = (client: Client): readonly string[] => [
  ...laws(client.log.steps),
  ...client.leaks.map((leak) => `left behind: ${leak}`),
]

/** Where the client did something else than the model. */
const differences = (client: Client, model: SocketModel): readonly string[] => {
  const [seen, expected] = [client.log.views(), model.log.views()]
  return [...new Set([...seen.keys(), ...expected.keys()])].flatMap((who) => {
    const [is, should] = [seen.get(who) ?? [], expected.get(who) ?? []]
    const at = Array.from({ length: Math.max(is.length, should.length) }).findIndex(
      (_, i) => is[i] !== should[i],
    )
    return at < 0 ? [] : [`${who}: the client did "${is[at]}", the model "${should[at]}"`]
  })
}

/** The history, for whoever has to understand a failure. */
const shown = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ stimulus, entries }) => [
    `> ${JSON.stringify(stimulus)}`,
    ...entries.map(({ at, who, what }) => `    ${at} ${who}: ${what}`),
  ])
