import { map, mergeMap, timer } from 'rxjs'
import { type PresenceChange } from '../../lib/presence/presence-state.ts'
import { presence } from '../../lib/presence/presence.ts'
import { closed, crashed } from '../../lib/testing/index.ts'
import { inAWord } from '../../spec/presence/support.ts'
import { answers, cut, ok, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'
import { diff, inWords, joinedWith, people, whole } from './support.ts'

const words = map(inWords)
const told = map((change: PresenceChange) => inAWord(change))

describe('presence', () => {
  it('gives the state of the server, and a new Map for each diff', () => {
    run(({ cold, expectObservable }) => {
      const server = '     ---1--2--3- '
      const subscribed = ' ^----------!'
      const expected = '   a--b--c--d- '
      const { socket } = socketOn({
        link: () => saying(cold(server, { 1: diff('c3'), 2: diff('a4', 'a1'), 3: diff('', 'b2 c3') })),
        answer: answers({ phx_join: joinedWith('a1 b2') }),
      })

      expectObservable(presence(socket.channel('room:a')).pipe(words), subscribed).toBe(expected, {
        a: 'a1 b2',
        b: 'a1 b2 c3',
        c: 'a4 b2 c3',
        d: 'a4',
      })
    })
  })

  it('keeps diffs back until the state has come, which may have them already', () => {
    run(({ cold, expectObservable }) => {
      const server = '     -1-2---s---3-'
      const subscribed = ' ^-----------!'
      const expected = '   -------a---b-'
      const joins = '      -------(abc)-'
      const { socket } = socketOn({
        link: () =>
          saying(cold(server, { 1: diff('a1'), 2: diff('c3'), s: whole('a1 b2'), 3: diff('', 'c3') })),
      })
      const presences = presence(socket.channel('room:a'))

      expectObservable(presences.pipe(words), subscribed).toBe(expected, { a: 'a1 b2 c3', b: 'a1 b2' })
      expectObservable(presences.joins$.pipe(told), subscribed).toBe(joins, { a: 'a+1', b: 'b+2', c: 'c+3' })
    })
  })

  it('emits nothing for a diff that changes nothing', () => {
    run(({ cold, expectObservable }) => {
      const { socket } = socketOn({
        link: () => saying(cold('--1-2', { 1: diff('a1'), 2: diff('', 'x9') })),
        answer: answers({ phx_join: joinedWith('a1') }),
      })
      const presences = presence(socket.channel('room:a'))

      expectObservable(presences.changes$.pipe(told), '^-------!').toBe('a', { a: 'a+1' })
      expectObservable(presences.pipe(words), '^-------!').toBe('a', { a: 'a1' })
    })
  })

  it('hears the events that the options name', () => {
    run(({ cold, expectObservable }) => {
      const state = { ...whole('a1'), event: 'who' }
      const change = { ...diff('b2'), event: 'who_diff' }
      const { socket } = socketOn({ link: () => saying(cold('-1-2', { 1: state, 2: change })) })
      const presences = presence(socket.channel('room:a'), { events: { state: 'who', diff: 'who_diff' } })

      expectObservable(presences.pipe(words), '^----!').toBe('-a-b', { a: 'a1', b: 'a1 b2' })
    })
    expect(() =>
      presence(socketOn().socket.channel('room:a'), { events: { diff: 'presence_state' } }),
    ).toThrow('pass two names of events')
  })

  it('completes with everything made of it when the server closes the channel', () => {
    run(({ cold, expectObservable }) => {
      const { socket } = socketOn({
        link: () => saying(cold('---x', { x: closed('room:a', '1') })),
        answer: answers({ phx_join: joinedWith('a1') }),
      })
      const presences = presence(socket.channel('room:a'))

      // First, since changes are hot and the server answers at once.
      expectObservable(presences.joins$.pipe(told)).toBe('j--|', { j: 'a+1' })
      expectObservable(presences.pipe(words)).toBe('a--|', { a: 'a1' })
      expectObservable(presences.count$).toBe('1--|', { 1: 1 })
      expectObservable(presences.key$('a')).toBe('p--|', { p: people('a1')['a'] })
    })
  })
})

describe('presence after the join was lost', () => {
  it.each([
    ['crash', true],
    ['lost connection', false],
  ])('emits what changed over the gap, after a %s, and shows the old list meanwhile', (_case, isCrash) => {
    run(({ cold, expectObservable }) => {
      const server = '     ----c----1--'
      const subscribed = ' ^-----------!'
      const expected = '   a------b-c--'
      const joins = '      (ab)---d----'
      const leaves = '     -------x-y--'
      const { socket } = socketOn({
        link: (index) => {
          if (isCrash) return saying(cold(server, { c: crashed('room:a', '1'), 1: diff('', 'b2') }))
          return index === 0 ? saying(cold('----#', {}, cut())) : saying(cold('--1', { 1: diff('', 'b2') }))
        },
        answer: answers({ phx_join: joinedWith('a1 b2', 'a3 b2') }),
      })
      const presences = presence(socket.channel('room:a'))

      expectObservable(presences.joins$.pipe(told), subscribed).toBe(joins, {
        a: 'a+1',
        b: 'b+2',
        d: 'a+3-1',
      })
      expectObservable(presences.leaves$.pipe(told), subscribed).toBe(leaves, { x: 'a+3-1', y: 'b-2' })
      expectObservable(presences.pipe(words), subscribed).toBe(expected, { a: 'a1 b2', b: 'a3 b2', c: 'a3' })
    })
  })

  it('emits nothing if nothing changed meanwhile', () => {
    run(({ cold, expectObservable }) => {
      const { socket } = socketOn({
        link: () => saying(cold('----c', { c: crashed('room:a', '1') })),
        answer: answers({ phx_join: joinedWith('a1', 'a1') }),
      })

      expectObservable(presence(socket.channel('room:a')).pipe(words), '^----------!').toBe('a', { a: 'a1' })
    })
  })

  it('keeps diffs of the new join back until its state', () => {
    run(({ cold, expectObservable }) => {
      const server = '     -s--c----1---S'
      const subscribed = ' ^--------------!'
      const expected = '   -a-----------b'
      const { socket } = socketOn({
        link: () =>
          saying(
            cold(server, {
              s: whole('a1'),
              c: crashed('room:a', '1'),
              1: diff('b2', 'a1'),
              S: whole('a1', '2'),
            }),
          ),
        answer: answers({ phx_join: ok() }),
      })

      expectObservable(presence(socket.channel('room:a')).pipe(words), subscribed).toBe(expected, {
        a: 'a1',
        b: 'b2',
      })
    })
  })
})

describe('S14: presence that comes late', () => {
  it('is there immediately for a late subscriber, and for a second one', () => {
    run(({ cold, expectObservable }) => {
      const server = '     --1-----2--'
      const first = '      ^---------!'
      const late = '       -----^----!'
      const { socket, sent$ } = socketOn({
        link: () => saying(cold(server, { 1: diff('b2'), 2: diff('c3') })),
        answer: answers({ phx_join: joinedWith('a1') }),
      })
      const channel = socket.channel('room:a')
      const presences = presence(channel)
      const values = { a: 'a1', b: 'a1 b2', c: 'a1 b2 c3' }

      expectObservable(sent$).toBe('J---------L')
      expectObservable(presences.pipe(words), first).toBe('a-b-----c', values)
      expectObservable(presences.pipe(words), late).toBe('-----b--c', values)
      expectObservable(presence(channel).pipe(words), late).toBe('-----b--c', values)
    })
  })

  it('is folded while nobody is subscribed to it, and also if it was first called after the join', () => {
    run(({ cold, expectObservable }) => {
      const { socket, sent$ } = socketOn({
        link: () => saying(cold('--1-----2--', { 1: diff('b2', 'a1'), 2: diff('c3') })),
        answer: answers({ phx_join: joinedWith('a1') }),
      })
      const channel = socket.channel('room:a')
      const called = timer(5).pipe(mergeMap(() => presence(channel).pipe(words)))

      expectObservable(sent$).toBe('J---------L')
      expectObservable(channel, '^---------!')
      expectObservable(called, '^---------!').toBe('-----b--c', { b: 'b2', c: 'b2 c3' })
    })
  })

  it('takes in 1,000 diffs that came since the state, if it is called that late', () => {
    run(({ cold, expectObservable }) => {
      const many = Array.from({ length: 1_000 }, (_, i) => diff(`b${i}`, `b${i - 1}`))
      const { socket, sent$ } = socketOn({
        link: () => saying(cold('--1', { 1: many }).pipe(mergeMap((messages) => messages))),
        answer: answers({ phx_join: joinedWith('a1') }),
      })
      const channel = socket.channel('room:a')
      const called = timer(5).pipe(mergeMap(() => presence(channel).pipe(words)))

      expectObservable(sent$).toBe('J---------L')
      expectObservable(channel, '^---------!')
      expectObservable(called, '^---------!').toBe('-----b', { b: 'a1 b999' })
    })
  })

  it('rejoins once if it is called after more diffs than are kept', () => {
    run(({ cold, expectObservable }) => {
      const many = Array.from({ length: 1_001 }, (_, i) => diff(`b${i}`, `b${i - 1}`))
      const { socket, sent$ } = socketOn({
        link: () => saying(cold('--1', { 1: many }).pipe(mergeMap((messages) => messages))),
        answer: answers({ phx_join: joinedWith('a1', 'z9') }),
      })
      const channel = socket.channel('room:a')
      const called = timer(5).pipe(mergeMap(() => presence(channel).pipe(words)))

      expectObservable(sent$).toBe('J----(LJ)-L')
      expectObservable(channel, '^---------!')
      expectObservable(called, '^---------!').toBe('-----z', { z: 'z9' })
    })
  })

  it('is fed from the first frame of a join that another stream of its channel brought about, made before it was called', () => {
    run(({ expectObservable }) => {
      const { socket, sent$ } = socketOn({ answer: answers({ phx_join: joinedWith('a1', 'b2') }) })
      const channel = socket.channel('room:a', { retain: [] })
      const news$ = channel.on('news')
      const presences = presence(channel)

      expectObservable(sent$).toBe('                     J-L-J------L')
      expectObservable(presences.pipe(words), '            ^-!').toBe('a', { a: 'a1' })
      expectObservable(news$, '                            ----^------!').toBe('-')
      expectObservable(presences.pipe(words), '            -------^---!').toBe('-------b', { b: 'b2' })
    })
  })

  it('is as it was for a subscriber that comes back while it lingers, and a fresh one after that', () => {
    run(({ cold, expectObservable }) => {
      const server = '     ---1----------'
      const { socket, sent$ } = socketOn({
        link: (index) => saying(index === 0 ? cold(server, { 1: diff('b2') }) : cold('')),
        answer: answers({ phx_join: joinedWith('a1', 'z9') }),
      })
      const presences = presence(socket.channel('room:a', { lingerMs: 3 }))

      expectObservable(sent$).toBe('J--------L--J----L')
      expectObservable(presences.pipe(words), '^-!').toBe('a', { a: 'a1' })
      expectObservable(presences.pipe(words), '----^-!').toBe('----b', { b: 'a1 b2' })
      expectObservable(presences.pipe(words), '------------^-!').toBe('------------z', { z: 'z9' })
    })
  })
})
