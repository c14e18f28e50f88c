import { randomUUID } from 'node:crypto'
import { type ChannelDefinition, liveStateChannel, next, ok, type ServerChannel } from 'rx-phoenix/server'
import { type Todo, type TodoList } from '../shared/contract.ts'
import { authorOf, field } from './author.ts'
import { type Journal } from './journal.ts'

const firstTodos: readonly Todo[] = [
  { id: 'join', text: 'Join a channel', done: true, by: 'Ember' },
  { id: 'push', text: 'Push something', done: false, by: 'Ember' },
  { id: 'kill', text: 'Kill the server, and see what happens', done: false, by: 'Ember' },
]

/** One list for all, owned by the server: each change goes to everybody as a JSON Patch. */
export const todosChannel = (records: Journal): ChannelDefinition => {
  let todos = records.entries.reduce(
    (found, entry) => (entry.type === 'todos' ? entry.todos : found),
    firstTodos,
  )

  const change = (name: string, payload: unknown, by: ServerChannel): readonly Todo[] => {
    const [id, text] = [field(payload, 'id'), field(payload, 'text')]
    switch (name) {
      case 'add': {
        if (typeof text !== 'string' || text.trim() === '') return todos
        return [
          ...todos,
          { id: randomUUID(), text: text.trim().slice(0, 120), done: false, by: authorOf(by).name },
        ]
      }
      case 'toggle':
        return todos.map((todo) => (todo.id === id ? { ...todo, done: !todo.done } : todo))
      case 'clear_done':
        return todos.filter(({ done }) => !done)
      default:
        return todos
    }
  }

  return liveStateChannel<TodoList>({
    dialect: 'live-state',
    init: () => ok({ todos }),
    handleEvent: (name, payload, _state, channel) => {
      todos = change(name, payload, channel)
      records.add({ type: 'todos', todos })
      channel.endpoint.publish(channel.topic, 'changed')
      return next({ todos })
    },
    handleMessage: () => next({ todos }),
  })
}
