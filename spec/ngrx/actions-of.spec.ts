import { inject } from '@angular/core'
import { TestBed } from '@angular/core/testing'
import { provideEffects, createEffect, Actions, ofType } from '@ngrx/effects'
import { mapResponse } from '@ngrx/operators'
import { signalStore, type, withState } from '@ngrx/signals'
import { eventGroup, on as onEvent, withEventHandlers, withReducer } from '@ngrx/signals/events'
import {
  createAction,
  createActionGroup,
  createFeature,
  createReducer,
  emptyProps,
  on,
  props,
  provideState,
  provideStore,
  Store,
} from '@ngrx/store'
import { concatMap, type Observable, Subject, switchMap, VirtualTimeScheduler } from 'rxjs'
import {
  channelToken,
  injectChannel,
  PhoenixTestingController,
  providePhoenixTesting,
} from '../../lib/angular/index.ts'
import { type ChannelError, phoenixSocket, type PushError } from '../../lib/index.ts'
import { actionsOf, type ErrorFacts, errorFacts } from '../../lib/ngrx/index.ts'
import { testServer } from '../../lib/testing/index.ts'
import { useTestBed } from '../angular/test-bed.ts'
import { type Message, type Room, setup } from './setup.ts'

useTestBed()

const ROOM = channelToken<Room>('room:a')

const actions = createActionGroup({
  source: 'Room',
  events: {
    Joined: props<{ members: number }>(),
    'Join Failed': props<{ error: ErrorFacts<ChannelError> }>(),
    'Message Received': props<Message>(),
    Cleared: emptyProps(),
    Written: props<{ body: string }>(),
    Sent: props<{ id: string }>(),
    'Not Sent': props<{ error: ErrorFacts<PushError> }>(),
    Entered: emptyProps(),
    'Join Again': emptyProps(),
  },
})
const hello: Message = { id: '1', body: 'hello' }
const received = actions.messageReceived(hello)

const start = () => {
  const scheduler = new VirtualTimeScheduler()
  scheduler.maxFrames = 0
  const server = testServer()
  const socket = phoenixSocket('ws://host/socket', {
    transport: server.transport,
    heartbeatIntervalMs: 0,
    scheduler,
  })
  return {
    server,
    topic: server.topic<Room>('room:a'),
    room: socket.channel<Room>('room:a'),
    pass: (ms: number) => {
      scheduler.maxFrames += ms
      scheduler.flush()
    },
  }
}

/** What a stream did. */
const watch = (source$: Observable<unknown>): readonly unknown[] => {
  const seen: unknown[] = []
  source$.subscribe({
    next: (value) => seen.push(value),
    error: (cause) => seen.push(cause),
    complete: () => seen.push('complete'),
  })
  return seen
}
const failed = (error: ErrorFacts<ChannelError>) => actions.joinFailed({ error })
const refusal = actions.joinFailed({
  error: {
    _tag: 'JoinRefused',
    message: 'The server refused the join of "room:a": full.',
    topic: 'room:a',
    response: { reason: 'full' },
  },
})

describe('actionsOf', () => {
  it('makes actions of events and joins, over a reconnect, and leaves when it is unsubscribed', () => {
    const { room, server, topic, pass } = start()
    server.expectJoin('room:a').reply({ members: 1 })
    const seen: unknown[] = []
    const subscription = actionsOf(
      room,
      { new_msg: actions.messageReceived, cleared: () => actions.cleared() },
      { joined: actions.joined },
    ).subscribe((action) => seen.push(action))
    topic.say('new_msg', hello)
    server.expectJoin('room:a').reply({ members: 2 })
    server.drop()
    pass(100_000)
    topic.say('new_msg', hello)
    topic.say('cleared', {})
    expect(seen).toEqual([
      actions.joined({ members: 1 }),
      received,
      actions.joined({ members: 2 }),
      received,
      actions.cleared(),
    ])
    subscription.unsubscribe()
    server.verify({ closed: true })
  })

  it('makes an action of a refused join, sends one join for it, and completes', () => {
    const { room, server } = start()
    server.expectJoin('room:a').refuse({ reason: 'full' })
    const seen = watch(
      actionsOf(room, { new_msg: actions.messageReceived, cleared: actions.cleared }, { failed }),
    )
    expect(seen).toEqual([refusal, 'complete'])
    expect(server.sent.map(({ event }) => event)).toEqual(['phx_join'])
  })

  it('completes without an action where nobody wants one', () => {
    const { room, server } = start()
    server.expectJoin('room:a').refuse({ reason: 'full' })
    expect(watch(actionsOf(room, { new_msg: actions.messageReceived }))).toEqual(['complete'])
  })

  it('joins again on rejoinOn, after a refusal and after the server closed the channel', () => {
    const { room, server, topic } = start()
    const again$ = new Subject<void>()
    server.expectJoin('room:a').refuse({ reason: 'full' })
    const seen = watch(actionsOf(room, { new_msg: actions.messageReceived }, { failed, rejoinOn: again$ }))
    expect(seen).toEqual([refusal])
    again$.next()
    topic.say('new_msg', hello)
    again$.next()
    expect(server.sent.map(({ event }) => event)).toEqual(['phx_join', 'phx_join'])
    topic.close()
    again$.next()
    topic.say('new_msg', hello)
    expect(seen).toEqual([refusal, received, received])
  })

  it('passes on what a creator throws', () => {
    const { room, topic } = start()
    const bug = new Error('no action')
    const seen = watch(
      actionsOf(
        room,
        {
          new_msg: () => {
            throw bug
          },
        },
        { failed },
      ),
    )
    topic.say('new_msg', hello)
    expect([seen, topic.joined]).toEqual([[bug], false])
  })

  it('has creators of its own events only, whatever an event of the server is called', () => {
    const { room, topic } = start()
    const seen = watch(actionsOf(room, { new_msg: actions.messageReceived }))
    const untyped = topic as unknown as { say(event: string, payload?: unknown): void }
    for (const event of ['toString', '__proto__', 'constructor', 'other']) untyped.say(event)
    expect(seen).toEqual([])
  })

  it('names what is no channel and what is no action creator', () => {
    const { room } = start()
    expect(() => actionsOf(undefined as never, {})).toThrow(
      /^actionsOf.channel is undefined: pass a channel, such as/,
    )
    expect(() => actionsOf(room, { new_msg: undefined as never })).toThrow(
      /^actionsOf.new_msg is undefined: pass an action creator/,
    )
    expect(() => actionsOf(room, {}, { failed: 'failed' as never })).toThrow(/^actionsOf.failed is "failed"/)
    expect(() => actionsOf(room, undefined as never)).toThrow(
      /^actionsOf.creators is undefined: pass action creators by event/,
    )
    expect(() => actionsOf(room, {}, { rejoinOn: 'again' as never })).toThrow(
      /^actionsOf.rejoinOn is "again": pass an Observable/,
    )
  })

  it('rejects creators that do not fit the contract when it is compiled', () => {
    const { room } = start()
    const numbered = createAction('[Room] Numbered', props<{ body: number }>())
    const wider = createAction('[Room] Wider', props<{ body: string }>())
    const made = [
      () => actionsOf(room, { new_msg: wider }),
      () =>
        actionsOf(
          room,
          { new_msg: ({ body }) => wider({ body }) },
          { failed: (error) => actions.joinFailed({ error }) },
        ),
      // @ts-expect-error a creator with another payload
      () => actionsOf(room, { new_msg: numbered }),
      // @ts-expect-error an event that the contract does not have
      () => actionsOf(room, { old_msg: wider }),
      // @ts-expect-error what makes no action
      () => actionsOf(room, { new_msg: ({ body }) => body }),
      // @ts-expect-error a creator with another response
      () => actionsOf(room, {}, { joined: actions.sent }),
      // @ts-expect-error a creator without its error
      () => actionsOf(room, {}, { failed: actions.joinFailed }),
    ]
    const typed: Observable<ReturnType<typeof actions.messageReceived> | ReturnType<typeof actions.joined>> =
      actionsOf(room, { new_msg: actions.messageReceived }, { joined: actions.joined })
    expect([made.length, typeof typed.pipe]).toEqual([7, 'function'])
  })
})

describe('a store with effects of a channel, with all runtime checks', () => {
  const room = createFeature({
    name: 'room',
    reducer: createReducer(
      { bodies: [] as readonly string[], errors: [] as readonly ErrorFacts[] },
      on(actions.messageReceived, (state, { body }) => ({ ...state, bodies: [...state.bodies, body] })),
      on(actions.joinFailed, actions.notSent, (state, { error }) => ({
        ...state,
        errors: [...state.errors, error],
      })),
    ),
  })
  const effects = {
    room$: createEffect(
      (actions$ = inject(Actions), channel = injectChannel(ROOM)) =>
        actions$.pipe(
          ofType(actions.entered),
          switchMap(() =>
            actionsOf(
              channel,
              { new_msg: actions.messageReceived },
              { failed, rejoinOn: actions$.pipe(ofType(actions.joinAgain)) },
            ),
          ),
        ),
      { functional: true },
    ),
    send$: createEffect(
      (actions$ = inject(Actions), channel = injectChannel(ROOM)) =>
        actions$.pipe(
          ofType(actions.written),
          concatMap(({ body }) =>
            channel.push('new_msg', { body }).pipe(
              mapResponse({
                next: ({ id }) => actions.sent({ id }),
                error: (error: PushError) => actions.notSent({ error: errorFacts(error) }),
              }),
            ),
          ),
        ),
      { functional: true },
    ),
  }

  it('shows refusals as facts, and goes on after them', () => {
    TestBed.configureTestingModule({
      providers: [
        providePhoenixTesting(),
        provideStore(
          {},
          {
            runtimeChecks: {
              strictActionSerializability: true,
              strictStateSerializability: true,
              strictActionImmutability: true,
              strictStateImmutability: true,
              strictActionTypeUniqueness: false,
            },
          },
        ),
        provideState(room),
        provideEffects(effects),
      ],
    })
    const server = TestBed.inject(PhoenixTestingController)
    const topic = server.topic<Room>('room:a')
    server.expectJoin('room:a').refuse({ reason: 'full' })
    const store = TestBed.inject(Store)
    store.dispatch(actions.entered())
    const bodies = store.selectSignal(room.selectBodies)
    const errors = store.selectSignal(room.selectErrors)
    expect(errors()).toEqual([refusal.error])

    store.dispatch(actions.joinAgain())
    topic.say('new_msg', hello)
    store.dispatch(actions.written({ body: 'first' }))
    topic.expectPush('new_msg').refuse({ reason: 'muted' })
    store.dispatch(actions.written({ body: 'second' }))
    topic.expectPush('new_msg', { body: 'second' }).reply({ id: '2' })
    server.drop()
    expect([bodies(), errors().map(({ _tag }) => _tag)]).toEqual([['hello'], ['JoinRefused', 'PushRefused']])
  })
})

describe('a SignalStore with events of @ngrx/signals/events', () => {
  const roomEvents = eventGroup({
    source: 'Room',
    events: { messageReceived: type<Message>(), joinFailed: type<ErrorFacts<ChannelError>>() },
  })

  it('gets those that actionsOf makes in withEventHandlers', () => {
    const { open, topic, page, server } = setup()
    const Chat = signalStore(
      withState({ bodies: [] as readonly string[], error: '' }),
      withReducer(
        onEvent(roomEvents.messageReceived, ({ payload }, { bodies }) => ({
          bodies: [...bodies, payload.body],
        })),
        onEvent(roomEvents.joinFailed, ({ payload }) => ({ error: payload._tag })),
      ),
      withEventHandlers((_store, channel = injectChannel(ROOM)) => ({
        room$: actionsOf(channel, { new_msg: roomEvents.messageReceived }, { failed: roomEvents.joinFailed }),
      })),
    )
    const store = open(Chat)
    topic.say('new_msg', hello)
    expect(store.bodies()).toEqual(['hello'])
    page.destroy()
    server.verify({ closed: true })

    server.expectJoin('room:a').refuse()
    TestBed.resetTestingModule()
    const second = setup()
    second.server.expectJoin('room:a').refuse()
    expect(second.open(Chat).error()).toBe('JoinRefused')
  })
})
