import { map, merge, NEVER, of, Subject } from 'rxjs'
import { feed } from '../../lib/durable/index.ts'
import { type Message, phoenixSocket } from '../../lib/index.ts'
import { answerOk, broadcast, fakePhoenix, okTo } from '../../lib/testing/index.ts'
import { run } from '../support/run.ts'
import { quake, type Quake, resumed, short, socketOn, TOPIC } from './support.ts'

const sequenced = { ...resumed, sequence: ({ seq }: Quake) => seq ?? NaN }
/** Answers joins with a response. */
const answering = (response: object) => ({
  answer: (message: Message) =>
    message.event === 'phx_join' ? of(okTo(message, response)) : answerOk(message),
})
const same = Object.fromEntries(Array.from({ length: 10 }, (_, id) => [`${id}`, `${id}`]))

describe('a feed whose server answers whether it resumed', () => {
  it.each([
    ['cursors', resumed],
    ['sequence numbers', sequenced],
  ])(
    'reports a gap where it could not, and takes what follows, also where its %s begin anew',
    (_, options) => {
      run((helpers) => {
        const { socket } = socketOn(helpers, ['o-8-9-#', 'o-1-2'], {}, answering({ resumed: false }))
        helpers
          .expectObservable(feed(socket, options).pipe(map(short)), '^--------------!')
          .toBe('--8-9----g-1-2', { ...same, g: '9..' })
      })
    },
  )

  it('fetches what is missing, and sets aside what begins anew', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, ['o-3-#', 'o-5-1'], {}, answering({ resumed: false }))
      const backfill = () => of({ id: 4 })
      helpers
        .expectObservable(feed(socket, { ...resumed, backfill }).pipe(map(short)), '^--------------!')
        .toBe('--3----4-5-b', { ...same, b: 'CursorBackwards' })
    })
  })

  it('begins at the position of the reply, so that a cut before the first message loses nothing', () => {
    run((helpers) => {
      const { socket, joins } = socketOn(
        helpers,
        ['o--#', 'o-6'],
        {},
        answering({ resumed: true, cursor: 5 }),
      )
      const quakes = feed(socket, resumed)
      helpers.expectObservable(quakes.pipe(map(short)), '^---------!').toBe('--------6')
      helpers
        .expectObservable(quakes.position$.pipe(map(({ cursor }) => `${cursor}`)), '^---------!')
        .toBe('5')
      helpers.flush()
      expect(joins()).toEqual([{ after: null }, { after: 5 }])
    })
  })

  it('takes a reply without these two as that of a server that resumes', () => {
    run((helpers) => {
      const { socket, joins } = socketOn(helpers, ['o-3-#', 'o-5'], {}, answering({ cursor: 9 }))
      helpers.expectObservable(feed(socket, resumed).pipe(map(short)), '^---------!').toBe('--3------5')
      helpers.flush()
      expect(joins()).toEqual([{ after: null }, { after: 3 }])
    })
  })
})

describe('a feed', () => {
  it('sets aside what a backfill gives in another order', () => {
    run((helpers) => {
      const { socket } = socketOn(helpers, ['o-1-#', 'o----4'])
      const backfill = () => of({ id: 3 }, { id: 2 })
      const quakes = feed(socket.channel(TOPIC), { event: 'quake', cursor: resumed.cursor, backfill })
      helpers
        .expectObservable(quakes.pipe(map(short)), '^------------!')
        .toBe('--1----(3b)-4', { ...same, b: 'CursorBackwards' })
    })
  })

  it('goes on where more than it may read ahead comes within the join', () => {
    const pushes$ = new Subject<Message>()
    const server = fakePhoenix({
      link: () => merge(of('open' as const), pushes$, NEVER),
      answer: (message) =>
        message.event === 'phx_join'
          ? of(okTo(message), ...[1, 2, 3, 4].map((id) => broadcast(TOPIC, 'quake', { id })))
          : answerOk(message),
    })
    const socket = phoenixSocket('ws://localhost/socket', {
      transport: server.transport,
      heartbeatIntervalMs: 0,
    })
    const seen: string[] = []
    const subscription = feed(socket, { ...resumed, readAhead: 2 })
      .pipe(map(short))
      .subscribe((event) => seen.push(event))
    pushes$.next(quakeOf(5))
    subscription.unsubscribe()
    expect(seen).toEqual(['1', '2', '3', '4', '5'])
  })
})

const quakeOf = (id: number): Message => quake(id) as Message
