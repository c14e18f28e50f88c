import { createActionGroup, createFeature, createReducer, createSelector, on, props } from '@ngrx/store'
import { type Post, type Room } from '../../../shared/contract.ts'

interface ChatState {
  readonly rooms: readonly Room[]
  readonly selected: string
  readonly posts: Readonly<Record<string, readonly Post[]>>
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
  },
})

const initial: ChatState = { rooms: [], selected: '', posts: {}, unread: {} }

/** Takes in what the server has; what it sends twice is shown once. */
const received = (state: ChatState, room: string, posts: readonly Post[]): ChatState => {
  const byId = new Map([...(state.posts[room] ?? []), ...posts].map((post) => [post.id, post]))
  return { ...state, posts: { ...state.posts, [room]: [...byId.values()].sort((a, b) => a.atMs - b.atMs) } }
}

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
    on(chatActions.historyReceived, (state, { room, posts }) => received(state, room, posts)),
    on(chatActions.posted, (state, { room, post, own }) => {
      const next = received(state, room, [post])
      if (own || room === state.selected) return next
      return { ...next, unread: { ...next.unread, [room]: (next.unread[room] ?? 0) + 1 } }
    }),
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
