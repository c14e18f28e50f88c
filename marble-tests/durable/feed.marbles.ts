import { type Either, left, right } from 'fp-ts/Either'
import { EMPTY, map, NEVER, takeUntil, tap, throwError, timer } from 'rxjs'
import { checkpointOf, type Eventually, feed, type Position } from '../../lib/durable/index.ts'
import { closed } from '../../lib/testing/index.ts'
import { errorLike } from '../support/channel.ts'
import { run } from '../support/run.ts'
import { quake, resumed, short, socketOn, TOPIC, type Quake } from './support.ts'

const sequenced = { ...resumed, sequence: ({ seq }: Quake) => seq ?? NaN }

describe('feed', () => {
  it('delivers messages in order, and asks the server at a rejoin to go on after the last one', () => {
    run((helpers) => {
      const { socket, joins } = socketOn(helpers, ['o-1-2-#', 'o-2-3'])
      const expected = '                           --1-2--------3'
      helpers.expectObservable(feed(socket, resumed).pipe(map(short)), '^--------------!').toBe(expected)
      helpers.flush()
      expect(joins()).toEqual([{ after: null }, { after: 2 }])
    })
  })

  it('leaves out what comes again, also where cursors have no order', () => {
    run((helpers) => {
      const ids = { x: quake('x'), y: quake('y'), z: quake('z') }
      const { socket } = socketOn(helpers, 'o-x-y-x-y-z', ids)
      const expected = '                    --x-y-----z'
      helpers.expectObservable(feed(socket, resumed).pipe(map(short)), '^-----------!').toBe(expected)
    })
  })

  it('leaves out a replay that reaches back further than its window', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, ['o1234567#', 'o12345678'])
      const expected = '                     -1234567-----------8'
      const quakes$ = feed(socket, { ...resumed, window: 2 })
      helpers.expectObservable(quakes$.pipe(map(short)), '^---------------------!').toBe(expected)
    })
  })

  it('starts behind the position of its checkpoint, and marks what an earlier run had delivered', () => {
    run((helpers) => {
      const { socket, joins } = socketOn(helpers, 'o-5-6-7')
      const expected = '                           --a-b-c'
      const checkpoint = checkpointOf({ load: () => ({ cursor: 4, ahead: 2 }), save: () => undefined })
      helpers
        .expectObservable(feed(socket, { ...resumed, checkpoint }).pipe(map(short)), '^-------!')
        .toBe(expected, { a: "5'", b: "6'", c: '7' })
      helpers.flush()
      expect(joins()).toEqual([{ after: 4 }])
    })
  })

  it('joins when its checkpoint is loaded, and not before', () => {
    run((helpers) => {
      const { socket, joins } = socketOn(helpers, 'o-5')
      const loading$ = helpers.cold('          ----(p|)', { p: { cursor: 4 } })
      const expected = '                       ------5'
      const checkpoint = checkpointOf({ load: () => loading$, save: () => undefined })
      helpers
        .expectObservable(feed(socket, { ...resumed, checkpoint }).pipe(map(short)), '^-------!')
        .toBe(expected)
      helpers.flush()
      expect(joins()).toEqual([{ after: 4 }])
    })
  })

  it('saves what is committed at most every saveEveryMs, and at the end', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o1234-5')
      const saves: (readonly [number, Position])[] = []
      const checkpoint = checkpointOf({
        load: () => undefined,
        save: (position) => {
          saves.push([scheduler.now(), position])
        },
      })
      const committing$ = feed(socket, { ...resumed, checkpoint, saveEveryMs: 3, scheduler }).pipe(
        tap((event) => {
          if (event.type === 'delivery' && event.cursor !== 3) event.commit()
        }),
        map(short),
      )
      helpers.expectObservable(committing$, '^-------!').toBe('-1234-5')
      helpers.flush()
      expect(saves).toEqual([
        [4, { cursor: 4, ahead: 0 }],
        [8, { cursor: 5, ahead: 0 }],
      ])
    })
  })

  it('never moves a position back', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o12')
      const quakes = feed(socket, resumed)
      const commits: (() => void)[] = []
      const all$ = quakes.pipe(
        tap((event) => {
          if (event.type === 'delivery')
            commits.unshift(() => {
              event.commit()
            })
          if (commits.length === 2) for (const commit of commits) commit()
        }),
        map(short),
      )
      helpers.expectObservable(all$, '^--!').toBe('-12')
      helpers.expectObservable(quakes.position$, '^--!').toBe('--p', { p: { cursor: 2 } })
    })
  })

  it('goes on after the last commit when it is subscribed again', () => {
    run((helpers) => {
      const { socket, joins } = socketOn(helpers, 'o12')
      const quakes$ = feed(socket, resumed).pipe(
        tap((event) => {
          if (event.type === 'delivery' && event.cursor === 1) event.commit()
        }),
        map(short),
      )
      helpers.expectObservable(quakes$, '^--!   ').toBe('-12')
      helpers.expectObservable(quakes$, '-----^--!').toBe('-------2', { 2: "2'" })
      helpers.flush()
      expect(joins()).toEqual([{ after: null }, { after: 1 }])
    })
  })

  it('reports what is missing before a message, and goes on', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o-1-4---5')
      const expected = '                    --1-(g4)5'
      const gaps = '                        ----g'
      const quakes = feed(socket, sequenced)
      helpers.expectObservable(quakes.pipe(map(short)), '^---------!').toBe(expected, { ...same, g: '1..4' })
      helpers.expectObservable(quakes.gaps$, '^---------!').toBe(gaps, {
        g: { type: 'gap', after: 1, before: 4, missing: 2, cause: undefined },
      })
    })
  })

  it('notices a gap between its checkpoint and the first message', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o-4')
      const checkpoint = checkpointOf({ load: () => ({ cursor: 1, sequence: 1 }), save: () => undefined })
      helpers
        .expectObservable(feed(socket, { ...sequenced, checkpoint }).pipe(map(short)), '^---!')
        .toBe('--(g4)', { ...same, g: '1..4' })
    })
  })

  it('fills a gap in order, while what follows waits', () => {
    run((helpers) => {
      const asked: unknown[] = []
      const { socket } = socketOn(helpers, 'o-1-456')
      const filling$ = helpers.cold('         --2-(3|)')
      const expected = '                    --1---2-(3456)'
      const backfill = (missing: unknown) => {
        asked.push(missing)
        return filling$.pipe(map(payload))
      }
      helpers
        .expectObservable(feed(socket, { ...sequenced, backfill }).pipe(map(short)), '^------------!')
        .toBe(expected)
      helpers.flush()
      expect(asked).toEqual([{ after: 1, before: 4 }])
    })
  })

  it.each([
    ['gives a part', '--3|', 'g3---h5', { g: '1..3', h: '3..5' }],
    ['fails', '       --#', '--h5', { h: '1..5 failed' }],
    ['fails later', ' 2-#', ' 2-h5', { h: '2..5 failed' }],
    ['never ends', '  ---------', '---------h5', { h: '1..5 failed' }],
  ])('reports what is missing still where the backfill %s', (_, filling, __, gaps) => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o-1-5')
      const backfill = () => helpers.cold(filling).pipe(map(payload))
      const seen: string[] = []
      feed(socket, { ...sequenced, backfill, backfillTimeoutMs: 9, scheduler })
        .pipe(map(short), takeUntil(timer(30, scheduler)))
        .subscribe((event) => seen.push(event))
      helpers.flush()
      expect(seen.filter((event) => event.includes('..'))).toEqual(Object.values(gaps))
      expect(seen[0]).toBe('1')
      expect(seen.at(-1)).toBe('5')
    })
  })

  it('fetches what was missed at a rejoin where the server does not resume, and leaves out what came in both ways', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, ['o-1-#', 'o-4'])
      const filling$ = helpers.cold('               ---(234|)') // asked for at 7, when it is joined again
      const expected = '                     --1-------(234)'
      const asked: unknown[] = []
      const backfill = (missing: unknown) => {
        asked.push(missing)
        return filling$.pipe(map(payload))
      }
      const quakes = feed(socket.channel(TOPIC), { event: 'quake', cursor: resumed.cursor, backfill })
      helpers.expectObservable(quakes.pipe(map(short)), '^----------------!').toBe(expected)
      helpers.flush()
      expect(asked).toEqual([{ after: 1, before: undefined }])
    })
  })

  it('reports after a rejoin that something may be missing, where nobody can tell', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, ['o-1-#', 'o-4'])
      const quakes = feed(socket.channel(TOPIC), { event: 'quake', cursor: resumed.cursor })
      helpers
        .expectObservable(quakes.pipe(map(short)), '^----------!')
        .toBe('--1----g-4', { ...same, g: '1..' })
    })
  })

  it.each([
    ['is undefined', quake(undefined), 'CursorInvalid'],
    ['is null', quake(null), 'CursorInvalid'],
    ['is empty', quake(''), 'CursorInvalid'],
    ['has no sequence number', quake(2), 'CursorInvalid'],
    ['goes backwards', quake(0, { seq: 0 }), 'CursorBackwards'],
  ])('sets a message aside whose position %s, and goes on', (_, bad, tag) => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o-1-b-2', { b: bad })
      helpers
        .expectObservable(feed(socket, sequenced).pipe(map(short)), '^-------!')
        .toBe('--1-b-2', { ...same, b: tag })
    })
  })

  it('sets a message aside for which the function for its cursor throws, and one that its decoder rejects', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o-t-d-2', { t: quake('throw'), d: quake('reject') })
      const cursor = ({ id }: Quake) => {
        if (id === 'throw') throw new Error('no')
        return id
      }
      const decode = (value: unknown): Either<string, Quake> =>
        (value as Quake).id === 'reject' ? left('no') : right(value as Quake)
      helpers
        .expectObservable(feed(socket, { ...resumed, cursor, decode }).pipe(map(short)), '^-------!')
        .toBe('--t-d-2', { ...same, t: 'CursorInvalid', d: 'DecodeFailed' })
    })
  })

  it.each<[string, () => number]>([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['does not return a number', () => NaN],
  ])('sets messages aside where compare %s, also those that came with the join', (_, compare) => {
    run((helpers) => {
      const ids = { x: quake('x'), y: quake('y'), z: quake('z') }
      const { socket } = socketOn(helpers, '(oxy)-z', ids)
      helpers
        .expectObservable(feed(socket, { ...resumed, compare }).pipe(map(short)), '^-------!')
        .toBe('(xi)--i', { x: 'x', i: 'CursorInvalid' })
    })
  })

  it('begins without a position where the load of its checkpoint completes without a value', () => {
    run((helpers) => {
      const { socket, joins } = socketOn(helpers, 'o1')
      const checkpoint = checkpointOf({ load: () => EMPTY, save: () => undefined })
      helpers.expectObservable(feed(socket, { ...resumed, checkpoint }).pipe(map(short)), '^--!').toBe('-1')
      helpers.flush()
      expect(joins()).toEqual([{ after: null }])
    })
  })

  it('lets a save run until it completes', () => {
    run((helpers, scheduler) => {
      const { socket } = socketOn(helpers, 'o1')
      const save$ = helpers.cold('s--s|')
      const saved = '             --^---!'
      const checkpoint = checkpointOf({ load: () => undefined, save: () => save$ })
      const all$ = feed(socket, { ...resumed, checkpoint, saveEveryMs: 1, scheduler }).pipe(
        tap((event) => {
          if (event.type === 'delivery') event.commit()
        }),
        map(short),
      )
      helpers.expectObservable(all$, '^-------!').toBe('-1')
      helpers.expectSubscriptions(save$.subscriptions).toBe(saved)
    })
  })

  it('completes with its channel, when the position is saved', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o1-x', { x: (joinRefOf) => closed(TOPIC, joinRefOf(TOPIC)) })
      const save$ = helpers.cold('                    --(s|)')
      const checkpoint = checkpointOf({ load: () => undefined, save: () => save$ })
      const quakes = feed(socket, { ...resumed, checkpoint })
      const all$ = quakes.pipe(
        tap((event) => {
          if (event.type === 'delivery') event.commit()
        }),
        map(short),
      )
      helpers.expectObservable(all$).toBe('-1---|')
      helpers.expectObservable(quakes.position$).toBe('-p---|', { p: { cursor: 1 } })
      helpers.expectObservable(quakes.gaps$).toBe('-----|')
    })
  })

  it.each<[string, string, { load: () => Eventually<unknown> }]>([
    ['CheckpointFailed', 'load', { load: () => throwError(() => new Error('no')) }],
    ['CheckpointInvalid', 'load', { load: () => ({ cursor: NaN }) }],
    ['CheckpointInvalid', 'load', { load: () => 'something else' }],
  ])('errors with %s before it joins', (tag, _, functions) => {
    run((helpers) => {
      const { socket, server } = socketOn(helpers, 'o1')
      const checkpoint = checkpointOf({ save: () => undefined, ...functions })
      const quakes = feed(socket, { ...resumed, checkpoint })
      helpers.expectObservable(quakes).toBe('#', {}, errorLike(tag))
      helpers.flush()
      expect(server.sent).toEqual([])
    })
  })

  it('errors when a save fails, and closes the checkpoint all the same', () => {
    run((helpers, scheduler) => {
      let closes = 0
      const { socket } = socketOn(helpers, 'o1')
      const checkpoint = checkpointOf({
        load: () => undefined,
        save: () => throwError(() => new Error('disk full')),
        close: () => (closes += 1),
      })
      const all$ = feed(socket, { ...resumed, checkpoint, saveEveryMs: 2, scheduler }).pipe(
        tap((event) => {
          if (event.type === 'delivery') event.commit()
        }),
        map(short),
      )
      helpers.expectObservable(all$).toBe('-1-#', same, errorLike('CheckpointFailed', { step: 'save' }))
      helpers.flush()
      expect(closes).toBe(1)
    })
  })

  it('does not share the join of another feed, which is elsewhere', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o1')
      helpers.expectObservable(feed(socket, resumed).pipe(map(short)), '^--!').toBe('-1')
      helpers.expectObservable(feed(socket, resumed)).toBe('#', {}, errorLike('AlreadyJoined'))
    })
  })

  it('is shared: a second subscriber hears what follows, the last one leaves', () => {
    run((helpers) => {
      const { socket, server } = socketOn(helpers, 'o1-2')
      const quakes$ = feed(socket, resumed).pipe(map(short))
      helpers.expectObservable(quakes$, '^---!').toBe('-1-2')
      helpers.expectObservable(quakes$, '--^---!').toBe('---2')
      helpers.flush()
      expect(server.sent.map(({ event }) => event)).toEqual(['phx_join', 'phx_leave'])
    })
  })

  it.each([
    ['event', { event: '' }],
    ['cursor', { cursor: 'id' }],
    ['sequence', { sequence: 3 }],
    ['params', { params: { after: 1 } }],
    ['backfill', { backfill: NEVER }],
    ['window', { window: 0 }],
    ['readAhead', { readAhead: 1.5 }],
    ['saveEveryMs', { saveEveryMs: -1 }],
    ['checkpoint', { checkpoint: 'file' }],
    ['topic', { topic: '' }],
  ])('throws InvalidArgument for a %s that cannot work', (argument, wrong) => {
    run((helpers) => {
      const { socket } = socketOn(helpers, 'o')
      expect(() => feed(socket, { ...resumed, ...wrong } as never)).toThrow(
        errorLike('InvalidArgument', { argument }) as never,
      )
    })
  })
})

const same = Object.fromEntries(Array.from({ length: 10 }, (_, id) => [`${id}`, `${id}`]))
const payload = (id: string): Quake => ({ id: Number(id), seq: Number(id) })
