import { EMPTY, ignoreElements, map, merge, mergeMap, NEVER, Subject, takeUntil } from 'rxjs'
import { type RetryPolicy, type TraceEvent, traceTo } from '../../lib/index.ts'
import { crashed } from '../../lib/testing/index.ts'
import { answers, errorLike, letter, saying, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

/** Whether the trace tells of this step of a join of `room:a`. */
const joinStep =
  (step: string, outcome?: string) =>
  (event: TraceEvent): boolean =>
    event.type === 'join' && event.step === step && (event.step === 'start' || event.outcome === outcome)

/** Stops some time, so that a test of what is never given up ends. */
const thrice: RetryPolicy = (_cause, attempt) => (attempt > 3 ? 'stop' : 3)

describe('S15: a policy that acts while it is asked', () => {
  it('a push made at the crash of its channel waits for the rejoin, and does not go into the lost join', () => {
    run(({ expectObservable, cold }) => {
      const asked$ = new Subject<void>()
      const { socket, sent$, server } = socketOn(
        { link: () => saying(cold('--x').pipe(map(() => crashed('room:a', '1')))) },
        {
          rejoin: () => {
            asked$.next()
            return 3
          },
        },
      )
      const channel = socket.channel('room:a')

      expectObservable(sent$).toBe('J----(Jp)-L')
      expectObservable(server.sent$.pipe(map(({ joinRef }) => joinRef))).toBe('a----(bb)-b', {
        a: '1',
        b: '2',
      })
      expectObservable(asked$.pipe(mergeMap(() => channel.push('p'))), '^---------!').toBe('-----r', {
        r: {},
      })
      expectObservable(channel.pipe(ignoreElements()), '^---------!').toBe('')
    })
  })
})

describe('S15: a trace that acts while it is called', () => {
  it('a topic that is unsubscribed at the join of the next one, for which it made room, is not joined again', () => {
    run(({ expectObservable, cold }) => {
      const gone$ = new Subject<void>()
      const trace = (event: TraceEvent): void => {
        if (event.type === 'join' && event.step === 'start' && event.topic === 'room:b') gone$.next()
      }
      const { socket, server } = socketOn(
        { link: () => saying(cold('--x').pipe(map(() => crashed('room:a', '1')))), answer: () => NEVER },
        { joinsInFlight: 1, trace: traceTo(trace) },
      )

      expectObservable(server.sent$.pipe(map(({ topic, event }) => `${topic} ${event}`))).toBe('a-b------c', {
        a: 'room:a phx_join',
        b: 'room:b phx_join',
        c: 'room:b phx_leave',
      })
      expectObservable(socket.channel('room:a').pipe(ignoreElements(), takeUntil(gone$))).toBe('--|')
      expectObservable(socket.channel('room:b').pipe(map(letter)), '^--------!').toBe('j')
    })
  })

  it('a push that joins the channel in the trace of another one does not make that one be sent twice', () => {
    run(({ expectObservable, cold }) => {
      const told$ = new Subject<void>()
      const trace = ({ type }: TraceEvent): void => {
        if (type === 'push') told$.next()
      }
      const { socket, sent$ } = socketOn({}, { trace: traceTo(trace) })
      const channel = socket.channel('room:a')
      const second$ = told$.pipe(mergeMap((_, i) => (i === 0 ? channel.push('q') : EMPTY)))

      expectObservable(merge(socket.pipe(ignoreElements()), second$), '^-----!').toBe('--r', { r: {} })
      expectObservable(sent$).toBe('--(JqpL)')
      expectObservable(cold('--p').pipe(mergeMap(() => channel.push('p')))).toBe('--r', { r: {} })
    })
  })

  it.each<[string, (event: TraceEvent) => boolean, string, string]>([
    ['is about to be sent', joinStep('start'), '(j|)', ''],
    ['succeeded', joinStep('end', 'ok'), 'j--|', 'J--L'],
    ['timed out', joinStep('end', 'JoinTimeout'), 'j----|', 'J----L'],
  ])(
    'unsubscribing in the trace of a join that %s leaves neither join nor timer',
    (when, isIt, states, sent) => {
      run(({ expectObservable, flush }, scheduler) => {
        const stop$ = new Subject<void>()
        const told: string[] = []
        const trace = (event: TraceEvent): void => {
          if (event.type === 'channel') told.push(event.state.status)
          if (isIt(event)) stop$.next()
        }
        const { socket, sent$ } = socketOn(
          { answer: answers({}, when === 'succeeded' ? 3 : 99) },
          { scheduler, joinTimeoutMs: 5, rejoin: thrice, trace: traceTo(trace) },
        )

        expectObservable(sent$).toBe(sent)
        expectObservable(socket, '^-------------- 99ms !')
        expectObservable(socket.channel('room:a').pipe(map(letter), takeUntil(stop$))).toBe(states)
        flush()
        expect(scheduler.actions).toEqual([])
        expect(told.at(-1)).toBe('idle')
      })
    },
  )

  it('unsubscribing during the leave of a join that timed out prevents the rejoin', () => {
    run(({ expectObservable, flush }, scheduler) => {
      const stop$ = new Subject<void>()
      const trace = (event: TraceEvent): void => {
        if (event.type === 'frame-out' && event.message?.event === 'phx_leave') stop$.next()
      }
      const { socket, sent$ } = socketOn(
        { answer: answers({}, 99) },
        { scheduler, joinTimeoutMs: 5, rejoin: thrice, trace: traceTo(trace) },
      )

      expectObservable(sent$).toBe('J----L')
      expectObservable(socket, '^------------- 99ms !')
      expectObservable(socket.channel('room:a').pipe(map(letter), takeUntil(stop$))).toBe('j----|')
      flush()
      expect(scheduler.actions).toEqual([])
    })
  })

  it('a subscriber that comes during the leave of a lingering join makes the only join', () => {
    run(({ expectObservable }) => {
      const told$ = new Subject<void>()
      const trace = (event: TraceEvent): void => {
        if (event.type === 'frame-out' && event.message?.event === 'phx_leave') told$.next()
      }
      const { socket, sent$ } = socketOn({ answer: answers({}, 1) }, { lingerMs: 20, trace: traceTo(trace) })
      const at = (v: number): ReturnType<typeof socket.channel> => socket.channel('room:a', { params: { v } })
      const first$ = told$.pipe(mergeMap((_, i) => (i === 0 ? at(2) : EMPTY)))

      expectObservable(sent$).toBe('J----(JL) 20ms L')
      expectObservable(first$.pipe(map(letter)), '^--------!').toBe('-----jJ')
      expectObservable(at(1).pipe(ignoreElements()), '^--!').toBe('')
      expectObservable(at(3).pipe(map(letter)), '-----^').toBe('-----#', {}, errorLike('AlreadyJoined'))
    })
  })
})
