import {
  type ChannelDefinition,
  error,
  liveStateChannel,
  next,
  type NextState,
  ok,
} from '../../lib/server/index.ts'
import { asMap } from './payload.ts'

type State = Readonly<Record<string, unknown>>
type Handler = (given: Readonly<Record<string, unknown>>, state: State) => NextState<State>

const initial: State = { todos: [], count: 0, filter: null }

const todosOf = (state: State): readonly unknown[] =>
  Array.isArray(state['todos']) ? (state['todos'] as unknown[]) : []
const plusOne = (state: State): State => ({ ...state, count: Number(state['count']) + 1 })

const handlers: Map<string, Handler> = new Map(
  Object.entries<Handler>({
    add: ({ text }, state) => {
      const todos = todosOf(state)
      return next(plusOne({ ...state, todos: [...todos, { id: todos.length + 1, text, done: false }] }))
    },
    prepend: ({ text }, state) =>
      next({ ...state, todos: [{ id: 0, text, done: false }, ...todosOf(state)] }),
    remove_first: (_given, state) => next({ ...state, todos: todosOf(state).slice(1) }),
    done: ({ id }, state) =>
      next({
        ...state,
        todos: todosOf(state).map((todo) =>
          asMap(todo)['id'] === id ? { ...asMap(todo), done: true } : todo,
        ),
      }),
    inc: (_given, state) => next(plusOne(state)),
    put: ({ key, value }, state) => next({ ...state, [String(key)]: value }),
    delete: ({ key }, state) =>
      next(Object.fromEntries(Object.entries(state).filter(([name]) => name !== key))),
    replace: ({ state }) => next(asMap(state)),
    nochange: (_given, state) => next(state),
    notify: (detail, state) => next(plusOne(state), { name: 'notified', detail }),
    notify_many: (_given, state) =>
      next(state, { name: 'one', detail: { n: 1 } }, { name: 'two', detail: { n: 2 } }),
    crash: () => {
      throw new Error('handle_event raises, as it was asked to')
    },
  }),
)

/** A message of the control `/ctl/live_state`. */
export interface FromPubsub {
  readonly kind: string
  readonly body: unknown
}

/** The channels `todos:*` and, with a small maxVersion, `wrap:*` of the contract app. */
export const todosChannel = (dialect: 'seance' | 'live-state', maxVersion = 1_000): ChannelDefinition =>
  liveStateChannel<State>({
    dialect,
    maxVersion,
    authorize: (params) => {
      const { token } = asMap(params)
      if (token === 'bad') return error({ reason: 'not allowed' })
      return token === 'bad_string' ? error('not allowed') : ok()
    },
    init: (params) => {
      const { init_error: failure, state } = asMap(params)
      if (failure === 'string') return error('init failed')
      if (failure !== undefined) return error({ reason: 'init failed', code: 7 })
      return ok(state === undefined ? initial : asMap(state))
    },
    handleEvent: (name, payload, state) => {
      const handler = handlers.get(name)
      if (!handler) throw new Error(`no clause of handle_event matches "${name}"`)
      return handler(asMap(payload), state)
    },
    handleMessage: (message, state) => {
      const { kind, body } = asMap(message)
      return kind === 'event'
        ? next(state, { name: 'from_pubsub', detail: body })
        : next({ ...state, ...asMap(body) })
    },
  })
