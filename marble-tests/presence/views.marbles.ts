import { map, mergeMap } from 'rxjs'
import { type TraceEvent, traceTo } from '../../lib/index.ts'
import { presence } from '../../lib/presence/presence.ts'
import { pushed } from '../../lib/testing/index.ts'
import { answers, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'
import { unhandledErrors } from '../support/unhandled.ts'
import { diff, inWords, joinedWith, people, whole } from './support.ts'

const words = map(inWords)
const { a: ann } = people('a1')
const { a: annTwice } = people('a1 a4')

describe('key$', () => {
  it('emits the presence of one key, and undefined when it leaves', () => {
    run(({ cold, expectObservable }) => {
      const server = '     -1-2-3-4-5--'
      const subscribed = ' ^----------!'
      const expected = '   p----q-u-p--'
      const { socket } = socketOn({
        link: () =>
          saying(
            cold(server, {
              1: diff('b2'),
              2: diff('', 'b2'),
              3: diff('a4'),
              4: diff('', 'a1 a4'),
              5: diff('a1'),
            }),
          ),
        answer: answers({ phx_join: joinedWith('a1') }),
      })

      expectObservable(presence(socket.channel('room:a')).key$('a'), subscribed).toBe(expected, {
        p: ann,
        q: annTwice,
        u: undefined,
      })
    })
  })

  it('gives undefined for a key that is not there, as soon as that is known', () => {
    run(({ cold, expectObservable }) => {
      const { socket } = socketOn({ link: () => saying(cold('--s--1', { s: whole('b2'), 1: diff('a1') })) })
      const presences = presence(socket.channel('room:a'))

      expectObservable(presences.key$('a'), '^-----!').toBe('--u--p', { u: undefined, p: ann })
      expectObservable(presences.key$('__proto__'), '---^--!').toBe('---u', { u: undefined })
    })
  })
})

describe('count$ and list', () => {
  it('count$ gives how many keys there are, whenever it is another number', () => {
    run(({ cold, expectObservable }) => {
      const { socket } = socketOn({
        link: () => saying(cold('-1-2-3', { 1: diff('a4'), 2: diff('b2'), 3: diff('', 'b2') })),
        answer: answers({ phx_join: joinedWith('a1') }),
      })

      expectObservable(presence(socket.channel('room:a')).count$, '^------!').toBe('1--2-1', { 1: 1, 2: 2 })
    })
  })

  it('list emits what the selector makes of each key', () => {
    run(({ cold, expectObservable }) => {
      const { socket } = socketOn({
        link: () => saying(cold('-1', { 1: diff('a4') })),
        answer: answers({ phx_join: joinedWith('a1 b2') }),
      })
      const presences = presence(socket.channel('room:a'))

      expectObservable(
        presences.list((key, { metas }) => `${key} ${metas.length}`),
        '^--!',
      ).toBe('ab', { a: ['a 1', 'b 1'], b: ['a 2', 'b 1'] })
      const [first, bob] = [people('a1')['a'], people('b2')['b']]
      expectObservable(presences.list(), '^--!').toBe('ab', { a: [first, bob], b: [annTwice, bob] })
    })
  })
})

describe('what goes wrong', () => {
  it('a payload of the wrong shape is traced and skipped', () => {
    run(({ cold, expectObservable, flush }) => {
      const traced: TraceEvent[] = []
      const bad = [
        pushed('room:a', '1', 'presence_state', { a: { metas: [{}] } }),
        pushed('room:a', '1', 'presence_diff', { joins: { a: 1 }, leaves: {} }),
        pushed('room:a', '1', 'presence_diff', { joins: {} }),
        pushed('room:a', '1', 'presence_diff', new Uint8Array([1]).buffer),
        pushed('room:a', '1', 'presence_state', [[]]),
      ]
      const { socket } = socketOn(
        {
          link: () =>
            saying(
              cold('-12345-6', { ...Object.fromEntries(bad.map((each, i) => [i + 1, each])), 6: diff('b2') }),
            ),
          answer: answers({ phx_join: joinedWith('a1') }),
        },
        { trace: traceTo((event) => traced.push(event)) },
      )

      expectObservable(presence(socket.channel('room:a')).pipe(words), '^--------!').toBe('a------b', {
        a: 'a1',
        b: 'a1 b2',
      })
      flush()
      const failed = traced.flatMap((event) => (event.type === 'decode-failed' ? [event.error] : []))
      expect(failed.map(({ _tag, event }) => [_tag, event])).toEqual(
        bad.map(({ event }) => ['DecodeFailed', event]),
      )
      expect(failed[0]?.frame).toBe('{"a":{"metas":[{}]}}')
    })
  })

  it('S15: a subscriber or a selector that throws affects no other subscriber', async () => {
    const unhandled = unhandledErrors()
    run(({ cold, expectObservable }) => {
      const { socket } = socketOn({
        link: () => saying(cold('---1', { 1: diff('b2') })),
        answer: answers({ phx_join: joinedWith('a1') }),
      })
      const presences = presence(socket.channel('room:a'))
      const throws = (): never => {
        throw new Error('of the user')
      }
      cold('-s')
        .pipe(mergeMap(() => presences))
        .subscribe(throws)

      expectObservable(presences.list(throws), '^----!').toBe('#', {}, new Error('of the user'))
      expectObservable(presences.pipe(words), '^----!').toBe('a--b', { a: 'a1', b: 'a1 b2' })
    })
    expect(await unhandled()).toEqual([new Error('of the user'), new Error('of the user')])
  })
})
