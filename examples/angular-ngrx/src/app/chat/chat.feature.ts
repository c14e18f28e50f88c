import { createActionGroup, createFeature, createReducer, createSelector, on, props } from '@ngrx/store'
import { type Post, type Room } from '../../../shared/contract.ts'
import { receive, setDelivery, type ShownPost } from './posts.ts'

interface ChatState {
  readonly rooms: readonly Room[]
  readonly selected: string
  readonly posts: Readonly<Record<string, readonly ShownPost[]>>
  readonly unread: Readonly<Record<string, number>>
}

interface InRoom {
  readonly room: string
}

export const chatActions = createActionGroup({
  source: 'Chat',
  events: {
    'Rooms Listed': props<{ rooms: readonly Room[] }>(),
    'Room Selected': props<InRoom>(),
    'History Received': props<InRoom & { posts: readonly Post[] }>(),
    Posted: props<InRoom & { post: Post; own: boolean }>(),
    Written: props<InRoom & { post: Post }>(),
    'Sent Again': props<InRoom & { post: Post }>(),
    Retrying: props<InRoom & { id: string; reason: string }>(),
    Delivered: props<InRoom & { post: Post }>(),
    Failed: props<InRoom & { id: string; reason: string }>(),
  },
})

const initial: ChatState = { rooms: [], selected: '', posts: {}, unread: {} }

const inRoom = (
  state: ChatState,
  room: string,
  change: (posts: readonly ShownPost[]) => readonly ShownPost[],
): ChatState => ({ ...state, posts: { ...state.posts, [room]: change(state.posts[room] ?? []) } })

export const chatFeature = createFeature({
  name: 'chat',
  reducer: createReducer(
    initial,
    on(chatActions.roomsListed, (state, { rooms }) => ({
      ...state,
      rooms,
      selected: state.selected || (rooms[0]?.id ?? ''),
    })),
    on(chatActions.roomSelected, (state, { room }) => ({
      ...state,
      selected: room,
      unread: { ...state.unread, [room]: 0 },
    })),
    on(chatActions.historyReceived, (state, { room, posts }) =>
      inRoom(state, room, (shown) => receive(shown, posts)),
    ),
    on(chatActions.posted, (state, { room, post, own }) => {
      const next = inRoom(state, room, (shown) => receive(shown, [post]))
      if (own || room === state.selected) return next
      return { ...next, unread: { ...next.unread, [room]: (next.unread[room] ?? 0) + 1 } }
    }),
    on(chatActions.written, (state, { room, post }) =>
      inRoom(state, room, (shown) => [...shown, { ...post, delivery: 'sending' }]),
    ),
    on(chatActions.sentAgain, (state, { room, post }) =>
      inRoom(state, room, (shown) => setDelivery(shown, post.id, 'sending')),
    ),
    on(chatActions.retrying, (state, { room, id, reason }) =>
      inRoom(state, room, (shown) => setDelivery(shown, id, 'retrying', reason)),
    ),
    on(chatActions.delivered, (state, { room, post }) =>
      inRoom(state, room, (shown) => receive(shown, [post])),
    ),
    on(chatActions.failed, (state, { room, id, reason }) =>
      inRoom(state, room, (shown) => setDelivery(shown, id, 'failed', reason)),
    ),
  ),
  extraSelectors: ({ selectRooms, selectSelected, selectPosts, selectUnread }) => ({
    selectCurrentRoom: createSelector(selectRooms, selectSelected, (rooms, selected) =>
      rooms.find(({ id }) => id === selected),
    ),
    selectShownPosts: createSelector(selectPosts, selectSelected, (posts, selected) => posts[selected] ?? []),
    selectRoomList: createSelector(selectRooms, selectSelected, selectUnread, (rooms, selected, unread) =>
      rooms.map((room) => ({ ...room, selected: room.id === selected, unread: unread[room.id] ?? 0 })),
    ),
  }),
})
