import {
  concatMap,
  delay,
  EMPTY,
  map,
  NEVER,
  type Observable,
  of,
  type SchedulerLike,
  tap,
  throwError,
  timer,
} from 'rxjs'
import { feed, type FeedEvent, processWith } from '../../lib/durable/index.ts'
import { PushTimeout } from '../../lib/index.ts'
import { closed } from '../../lib/testing/index.ts'
import { errorLike } from '../support/channel.ts'
import { run } from '../support/run.ts'
import { type Quake, resumed, short, socketOn, TOPIC } from './support.ts'

const close = { x: (joinRefOf: (topic: string) => string) => closed(TOPIC, joinRefOf(TOPIC)) }
const shown = (event: string | number | FeedEvent<unknown>): string =>
  typeof event === 'object' ? short(event) : `${event}`

describe('processWith', () => {
  it('handles one after the other, and commits what is done', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o12---3')
      const handled = '                     ---1-2--3'
      const commits = '                     ---1-2--3'
      const quakes = feed(socket, resumed)
      const handle = ({ id }: Quake) => timer(2, scheduler).pipe(map(() => id))
      helpers.expectObservable(quakes.pipe(processWith(handle), map(shown)), '^---------!').toBe(handled)
      helpers
        .expectObservable(quakes.position$.pipe(map(({ cursor }) => `${cursor}`)), '^---------!')
        .toBe(commits)
    })
  })

  it('commits the highest position up to which all are done', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o123')
      const handled = '                     ----23--1'
      const commits = '                     --------3'
      const quakes = feed(socket, resumed)
      const handle = ({ id }: Quake) => timer(id === 1 ? 7 : 2, scheduler).pipe(map(() => id))
      helpers
        .expectObservable(quakes.pipe(processWith(handle, { concurrency: 3 }), map(shown)), '^---------!')
        .toBe(handled)
      helpers
        .expectObservable(quakes.position$.pipe(map(({ cursor }) => `${cursor}`)), '^---------!')
        .toBe(commits)
    })
  })

  it('completes when the channel has been closed and all are done, and saves the last position before', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o12x', close)
      const quakes = feed(socket, resumed)
      const handle = ({ id }: Quake) => timer(3, scheduler).pipe(map(() => id))
      helpers.expectObservable(quakes.pipe(processWith(handle), map(shown))).toBe('----1--(2|)')
      helpers.expectObservable(quakes.position$.pipe(map(({ cursor }) => `${cursor}`))).toBe('----1--(2|)')
    })
  })

  it('takes a Promise of the handler', async () => {
    const values: unknown[] = []
    const delivery = {
      type: 'delivery',
      value: 1,
      event: 'e',
      cursor: 1,
      redelivered: false,
      commit: () => values.push('commit'),
    } as const
    await new Promise<void>((resolve, reject) => {
      of(delivery)
        .pipe(processWith((value: number) => Promise.resolve(value + 1)))
        .subscribe({
          next: (value) => values.push(value),
          error: reject,
          complete: () => {
            resolve()
          },
        })
    })
    expect(values).toEqual([2, 'commit'])
  })

  it('calls a handler that failed again, by the policy, which sees its error', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o1-2')
      const causes: unknown[] = []
      let calls = 0
      const handle = ({ id }: Quake): Observable<number | string> =>
        id === 1 && (calls += 1) < 3
          ? throwError(() => new PushTimeout({ topic: TOPIC, event: 'e', sent: true, timeoutMs: 1 }))
          : of(id)
      const policy = (cause: { _tag: string }, attempt: number) => {
        causes.push([cause._tag, attempt])
        return 2
      }
      helpers
        .expectObservable(
          feed(socket, resumed).pipe(processWith(handle, { retry: policy, scheduler }), map(shown)),
          '^------!',
        )
        .toBe('-----(12)')
      helpers.flush()
      expect(causes).toEqual([
        ['PushTimeout', 1],
        ['PushTimeout', 2],
      ])
    })
  })

  it.each<[string, () => Observable<number>]>([
    [
      'threw',
      () => {
        throw new Error('at the call')
      },
    ],
    ['failed', () => throwError(() => new Error('later'))],
    ['empty', () => EMPTY],
    ['timeout', () => NEVER],
  ])(
    'errors with HandlerFailed where a handler %s and the policy stops, and does not commit',
    (reason, handle) => {
      run((helpers, scheduler) => {
        const { socket } = socketOn(helpers, 'o1')
        const quakes = feed(socket, resumed)
        const positions: unknown[] = []
        quakes.position$.subscribe((position) => positions.push(position))
        const handled$ = quakes.pipe(processWith(handle, { retry: () => 'stop', timeoutMs: 2, scheduler }))
        helpers
          .expectObservable(handled$)
          .toBe(
            reason === 'timeout' ? '---#' : '-#',
            {},
            errorLike('HandlerFailed', { reason, cursor: 1, attempts: 1 }),
          )
        helpers.flush()
        expect(positions).toEqual([])
      })
    },
  )

  it('puts a poison message aside after so many tries, and goes on when that is done', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o12')
      const aside: unknown[] = []
      const quakes = feed(socket, resumed)
      const handle = ({ id }: Quake) => (id === 1 ? throwError(() => new Error('poison')) : of(id))
      const options = {
        retry: (_: unknown, attempt: number) => (attempt < 3 ? 1 : ('stop' as const)),
        deadLetter: (value: Quake, { attempts }: { attempts: number }) => {
          aside.push([value.id, attempts])
          return timer(2, scheduler)
        },
        scheduler,
      }
      helpers
        .expectObservable(quakes.pipe(processWith(handle, options), map(shown)), '^------!')
        .toBe('-----2')
      helpers
        .expectObservable(quakes.position$.pipe(map(({ cursor }) => `${cursor}`)), '^------!')
        .toBe('-----(12)')
      helpers.flush()
      expect(aside).toEqual([[1, 3]])
    })
  })

  it('lets what deadLetter returns run until it completes', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o12')
      const aside$ = helpers.cold('           a--a|')
      const kept = [
        '                                     -^---!',
        '                                     -----^---!',
      ]
      const options = { retry: () => 'stop' as const, deadLetter: () => aside$ }
      const quakes = feed(socket, resumed)
      helpers
        .expectObservable(
          quakes.pipe(processWith(() => throwError(() => new Error('no')), options)),
          '^----------!',
        )
        .toBe('')
      helpers
        .expectObservable(quakes.position$.pipe(map(({ cursor }) => `${cursor}`)), '^----------!')
        .toBe('-----1---2')
      helpers.expectSubscriptions(aside$.subscriptions).toBe(kept)
    })
  })

  it('errors where what deadLetter returns does not complete within timeoutMs', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o1')
      const options = { retry: () => 'stop' as const, deadLetter: () => NEVER, timeoutMs: 3, scheduler }
      helpers
        .expectObservable(
          feed(socket, resumed).pipe(processWith(() => throwError(() => new Error('no')), options)),
        )
        .toBe('----#', {}, errorLike('HandlerFailed', { reason: 'dead-letter' }))
    })
  })

  it('starts no timer for a handler that is done when it returns', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o12')
      let timers = 0
      const counting: SchedulerLike = {
        now: () => scheduler.now(),
        schedule: (...args: readonly unknown[]) => {
          timers += 1
          return scheduler.schedule(...(args as [never]))
        },
      }
      const handle = ({ id }: Quake) => (id === 1 ? of(id) : timer(1, scheduler).pipe(map(() => id)))
      helpers
        .expectObservable(
          feed(socket, resumed).pipe(processWith(handle, { scheduler: counting }), map(shown)),
          '^----!',
        )
        .toBe('-1-2')
      helpers.flush()
      expect(timers).toBe(1)
    })
  })

  it('errors where the function for poison messages fails', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o1')
      const failing = () => throwError(() => new Error('no'))
      const handled$ = feed(socket, resumed).pipe(
        processWith(failing, { retry: () => 'stop', deadLetter: failing }),
      )
      helpers.expectObservable(handled$).toBe('-#', {}, errorLike('HandlerFailed', { reason: 'dead-letter' }))
    })
  })

  it('lets gaps and invalid messages pass, in their place', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o13')
      const expected = '                    -----(1g)3'
      const sequenced = { ...resumed, sequence: ({ seq }: Quake) => seq ?? NaN }
      const handle = ({ id }: Quake) => timer(4, scheduler).pipe(map(() => id))
      helpers
        .expectObservable(feed(socket, sequenced).pipe(processWith(handle), map(shown)), '^----------!')
        .toBe(expected, { 1: '1', g: '1..3', 3: '3' })
    })
  })

  it('leaves the channel while as many wait as may, and joins again behind the last when half are done', () => {
    run((helpers, scheduler) => {
      const { socket, joins } = socketOn(helpers, ['o123456', 'o56789'])
      // Left at 4 with four in hand, and joined again behind the fourth when two of them are done, and so on.
      const quakes = feed(socket, { ...resumed, readAhead: 4 })
      const seen: string[] = []
      const handle = ({ id }: Quake) => of(id).pipe(delay(10, scheduler))
      helpers
        .expectObservable(
          quakes.pipe(
            processWith(handle),
            map(shown),
            tap((id) => seen.push(id)),
            concatMap(() => EMPTY),
          ),
          '^-------------------------------------------------------------!',
        )
        .toBe('')
      helpers.flush()
      expect(joins()).toEqual([{ after: null }, { after: 4 }, { after: 6 }, { after: 8 }])
      expect(seen.slice(0, 5)).toEqual(['1', '2', '3', '4', '5'])
    })
  })

  it('errors with FeedOverflow where a feed has no way to pause', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o123456')
      const quakes$ = feed(socket.channel(TOPIC), { event: 'quake', cursor: resumed.cursor, readAhead: 4 })
      helpers
        .expectObservable(quakes$.pipe(processWith(() => NEVER)))
        .toBe('-----#', {}, errorLike('FeedOverflow', { waiting: 5 }))
    })
  })

  it('does not hold up other subscribers of the feed once it is unsubscribed', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, ['o123', 'o34'])
      const quakes = feed(socket, { ...resumed, readAhead: 2 })
      helpers.expectObservable(quakes.pipe(map(short)), '^-----------!').toBe('-12--34')
      helpers.expectObservable(quakes.pipe(processWith(() => NEVER)), '^---!').toBe('')
    })
  })

  it('puts a message aside where the policy throws', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o1')
      const broken = () => {
        throw new Error('a policy')
      }
      const aside: unknown[] = []
      const options = {
        retry: broken,
        deadLetter: (_: Quake, { reason, attempts }: { reason: string; attempts: number }) => {
          aside.push([reason, attempts])
        },
      }
      helpers
        .expectObservable(
          feed(socket, resumed).pipe(processWith(() => throwError(() => new Error('no')), options)),
          '^--!',
        )
        .toBe('')
      helpers.flush()
      expect(aside).toEqual([['failed', 1]])
    })
  })

  it.each([
    ['handler', undefined, {}],
    ['concurrency', () => EMPTY, { concurrency: 0 }],
    ['retry', () => EMPTY, { retry: 3 }],
    ['deadLetter', () => EMPTY, { deadLetter: 'x' }],
    ['timeoutMs', () => EMPTY, { timeoutMs: 0 }],
  ])('throws InvalidArgument for a %s that cannot work', (argument, handler, options) => {
    expect(() => processWith(handler as never, options as never)).toThrow(
      errorLike('InvalidArgument', { argument }) as never,
    )
  })
})
