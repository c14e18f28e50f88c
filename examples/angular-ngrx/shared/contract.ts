/** What the application and its server say to each other. Types only: both sides import them. */

export interface Room {
  readonly id: string
  readonly name: string
  readonly about: string
}

export interface Author {
  readonly id: string
  readonly name: string
}

export interface Post {
  /** Made by the author, so that a post that is sent again is the same post. */
  readonly id: string
  readonly author: Author
  readonly body: string
  readonly atMs: number
}

/** Where somebody is, and whether they type there. */
export interface Whereabouts {
  readonly room: string
  readonly typing: boolean
}

export interface LobbyContract {
  readonly join: { readonly params: Whereabouts; readonly reply: { readonly rooms: readonly Room[] } }
  readonly pushes: { readonly at: { readonly payload: Whereabouts; readonly reply: unknown } }
}

export interface RoomContract {
  readonly join: { readonly params: unknown; readonly reply: { readonly posts: readonly Post[] } }
  readonly events: { readonly posted: Post }
}

export interface Written {
  readonly room: string
  readonly body: string
}

/** Takes the posts of all rooms. The outbox adds the id to the payload. */
export interface PostsContract {
  readonly pushes: { readonly post: { readonly payload: Written; readonly reply: Post } }
}

export interface Todo {
  readonly id: string
  readonly text: string
  readonly done: boolean
  readonly by: string
}

export interface TodoList {
  readonly todos: readonly Todo[]
}
