import { NEVER, of, timer } from 'rxjs'
import { silence, SILENCE_MS } from '../../lib/cli/silence.ts'
import { type ChannelState, ChannelCrashed } from '../../lib/index.ts'
import { run } from '../support/run.ts'

const joining: ChannelState = { status: 'joining', attempt: 0 }
const joined: ChannelState = { status: 'joined', response: {}, joinRef: '1', rejoined: false }
const again: ChannelState = { status: 'joined', response: {}, joinRef: '2', rejoined: true }
const states = { j: joining, J: joined, R: again }
const nothing = { x: undefined }

describe('silence after a join', () => {
  it('warns once, counted from the join, however often the topic is joined again', () => {
    run(({ cold, expectObservable, expectSubscriptions }, scheduler) => {
      const channel$ = cold('j---J-R', states)
      const sign$ = cold('-------')

      expectObservable(silence(channel$, sign$, scheduler)).toBe(`---- ${SILENCE_MS}ms (x|)`, nothing)
      expectSubscriptions(sign$.subscriptions).toBe(`^--- ${SILENCE_MS}ms !`)
    })
  })

  it('does not warn while the server is down', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const channel$ = cold('j', states)

      expectObservable(silence(channel$, NEVER, scheduler)).toBe('-')
    })
  })

  it.each([
    ['with the reply', 0],
    ['just in time', SILENCE_MS - 1],
  ])('does not warn if a sign comes %s', (_when, ms) => {
    run(({ cold, expectObservable }, scheduler) => {
      const channel$ = cold('J', states)

      expectObservable(silence(channel$, timer(ms, scheduler), scheduler)).toBe(ms === 0 ? '|' : `${ms}ms |`)
    })
  })

  it('leaves the errors of the channel, and of what it waits for, to others', () => {
    run(({ cold, expectObservable }, scheduler) => {
      const error = new ChannelCrashed({ topic: 'a', payload: {} })
      const failing$ = cold('J--#', states, error)

      expectObservable(silence(failing$, NEVER, scheduler)).toBe(`${SILENCE_MS}ms (x|)`, nothing)
      expectObservable(silence(cold('--#', states, error), NEVER, scheduler)).toBe('--|')
      expectObservable(silence(of(joined), cold('--#', {}, error), scheduler)).toBe('--|')
    })
  })
})
