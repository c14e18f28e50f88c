import { concat, finalize, map, NEVER, of, take, tap } from 'rxjs'
import { checkpointOf, feed, type FeedEvent, type Position } from '../../lib/durable/index.ts'
import { closed } from '../../lib/testing/index.ts'
import { run } from '../support/run.ts'
import { resumed, short, socketOn, TOPIC } from './support.ts'

const commit = tap((event: FeedEvent<unknown>) => {
  if (event.type === 'delivery') event.commit()
})
const close = { x: (joinRefOf: (topic: string) => string) => closed(TOPIC, joinRefOf(TOPIC)) }

describe('the end of a feed', () => {
  it('saves and closes by itself when the last subscriber leaves while the last save is under way', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o1-x', close)
      const done: string[] = []
      const save$ = helpers.cold('                    -----(s|)')
      const checkpoint = checkpointOf({
        load: () => undefined,
        save: () => save$.pipe(tap(() => done.push('saved'))),
        close: () => done.push('closed'),
      })
      const quakes$ = feed(socket, { ...resumed, checkpoint }).pipe(commit, map(short))
      helpers.expectObservable(quakes$, '^---!').toBe('-1')
      helpers.flush()
      expect(done).toEqual(['saved', 'closed'])
    })
  })

  it('comes before the next subscriber loads', () => {
    run((helpers) => {
      const { socket, joins } = socketOn(helpers, ['o1-x', 'o'], close)
      let kept: Position | undefined
      const checkpoint = checkpointOf({
        load: () => kept,
        save: (position) => helpers.cold('-----(s|)').pipe(tap(() => (kept = position))),
      })
      const quakes$ = feed(socket, { ...resumed, checkpoint }).pipe(commit, map(short))
      helpers.expectObservable(quakes$, '^---!').toBe('-1')
      helpers.expectObservable(quakes$, '----^-----------!').toBe('')
      helpers.flush()
      expect(joins()).toEqual([{ after: null }, { after: 1 }])
    })
  })

  it('saves again after a save that failed meanwhile', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o1')
      const saves: unknown[] = []
      const checkpoint = checkpointOf({
        load: () => undefined,
        save: ({ cursor }) => {
          saves.push(cursor)
          return saves.length === 1 ? helpers.cold('---#') : of('saved')
        },
      })
      const quakes$ = feed(socket, { ...resumed, checkpoint, saveEveryMs: 1, scheduler }).pipe(
        commit,
        map(short),
      )
      helpers.expectObservable(quakes$, '^--!').toBe('-1') // the first save is under way from 2 to 5
      helpers.flush()
      expect(saves).toEqual([1, 1])
    })
  })

  it('is awaited by the next subscriber, also if another one came and went meanwhile', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, ['o1', 'o'])
      const log: string[] = []
      const checkpoint = checkpointOf({
        load: () => {
          log.push('load')
        },
        save: () => helpers.cold('-----(s|)').pipe(tap(() => log.push('saved'))),
        close: () => log.push('close'),
      })
      const quakes$ = feed(socket, { ...resumed, checkpoint }).pipe(commit, map(short))
      helpers.expectObservable(quakes$, '^-!').toBe('-1') // saves from 2 to 7
      helpers.expectObservable(quakes$, '---^!').toBe('')
      helpers.expectObservable(quakes$, '-----^-----!').toBe('')
      helpers.flush()
      expect(log).toEqual(['load', 'saved', 'close', 'load', 'close'])
    })
  })

  it('completes its views, also those that were subscribed before the feed', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o-x', close)
      const quakes = feed(socket, resumed)
      helpers.expectObservable(quakes.gaps$).toBe('--|')
      helpers.expectObservable(quakes).toBe('--|')
      helpers.expectObservable(quakes.gaps$, '---^').toBe('---|')
    })
  })

  it('ends a backfill of which the first message was enough', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, ['o1#', 'o'])
      const ends: number[] = []
      const backfill = () =>
        concat(of({ id: 2 }), NEVER).pipe(
          finalize(() => {
            ends.push(scheduler.now())
          }),
        )
      const quakes = feed(socket.channel(TOPIC), { event: 'quake', cursor: resumed.cursor, backfill })
      helpers.expectObservable(quakes.pipe(map(short), take(2))).toBe('-1---(2|)')
      helpers.flush()
      expect(ends).toEqual([5])
    })
  })
})
