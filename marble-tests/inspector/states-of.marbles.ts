import { phoenixSocket, type TraceEvent, traceTo } from '../../lib/index.ts'
import { insideOf } from '../../lib/inside/inside-of.ts'
import { statesOf } from '../../lib/inspector/states-of.ts'
import { runMarbles } from '../../lib/testing/index.ts'

const shown = (event: TraceEvent): string => {
  if (event.type === 'connection') return `${event.atMs} connection ${event.number} ${event.state.status}`
  if (event.type === 'channel')
    return `${event.atMs} ${event.topic} ${event.state.status} ${event.connectionId}`
  return event.type
}

describe('statesOf', () => {
  it('gives the states of a socket at one moment as events', () => {
    const seen: string[][] = []
    runMarbles(({ expectObservable, phoenix }, scheduler) => {
      const socket = phoenixSocket('ws://localhost/socket', {
        transport: phoenix('---o').transport,
        scheduler,
        heartbeatIntervalMs: 0,
      })
      const look = (): void => {
        seen.push(statesOf(insideOf(socket)).map(shown))
      }
      expectObservable(socket.channel('room:a').on('news'), '^---------!').toBe('')
      look()
      for (const atMs of [1, 5, 15]) scheduler.schedule(look, atMs)
    })

    expect(seen).toEqual([
      [],
      ['1 connection 1 connecting', '1 room:a waiting undefined'],
      ['5 connection 1 open', '5 room:a joined 1'],
      [],
    ])
  })
})

describe('a tracer that is attached to a socket', () => {
  it('can be detached, while the others go on', () => {
    const heard: string[] = []
    const listener = (name: string) => (event: TraceEvent) => {
      if (event.type === 'channel') heard.push(`${name} ${event.atMs} ${event.state.status}`)
    }
    runMarbles(({ expectObservable, phoenix }, scheduler) => {
      const socket = phoenixSocket('ws://localhost/socket', {
        transport: phoenix('---o').transport,
        scheduler,
        heartbeatIntervalMs: 0,
        trace: traceTo(listener('first')),
      })
      const { trace } = insideOf(socket).context
      const attached = traceTo(listener('second')).attach(trace, scheduler)
      scheduler.schedule(() => {
        attached.unsubscribe()
      }, 2)
      expectObservable(socket.channel('room:a').on('news'), '^---------!').toBe('')
    })

    expect(heard).toEqual([
      'first 0 waiting',
      'second 0 waiting',
      'first 3 joining',
      'first 3 joined',
      'first 10 idle',
    ])
  })
})
