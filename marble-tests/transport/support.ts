import { delay, map, type Observable, of } from 'rxjs'
import {
  type Link,
  type LinkEvent,
  type LongPollOptions,
  longPollTransport,
  type TransportTarget,
} from '../../lib/index.ts'
import { type Asked, type FakeFetch, fakeFetch, type Said } from '../support/fake-fetch.ts'

export const OPENED: Said = { status: 410, token: 't', messages: [] }
export const NONE: Said = { status: 204, token: 't', messages: [] }
export const TAKEN: Said = { status: 200 }

export const told = (...messages: readonly unknown[]): Said => ({ status: 200, token: 't', messages })

/** An answer that is on its way for so many ms. */
export const after = (ms: number, said: Said): Observable<Said> => of(said).pipe(delay(ms))

/** What the server answers: to the polls in their order, the first being that for a session, and to the POSTs. */
export interface Server {
  readonly polls: (index: number) => Observable<Said>
  readonly posts?: (index: number, asked: Asked) => Observable<Said>
}

/** A long-poll transport on a fake server. Its events in words: `open`, or the frame. */
export const longPollOn = (
  { polls, posts = () => after(1, TAKEN) }: Server,
  { options = {}, target = {} }: { options?: LongPollOptions; target?: Partial<TransportTarget> } = {},
): FakeFetch & { readonly events$: Observable<LinkEvent>; readonly words$: Observable<string> } => {
  const fake = fakeFetch((asked, index) => (asked.method === 'GET' ? polls(index) : posts(index, asked)))
  const events$ = longPollTransport({ fetch: fake.fetch, ...options })({
    url: 'ws://host/socket',
    params: {},
    vsn: '2.0.0',
    ...target,
  })
  return { ...fake, events$, words$: events$.pipe(map(wordOf)) }
}

export const wordOf = (event: LinkEvent): string => (event.type === 'open' ? 'open' : String(event.frame))

/** Hands the link over when it opens. */
export const onOpen =
  (act: (link: Link) => void): ((event: LinkEvent) => void) =>
  (event) => {
    if (event.type === 'open') act(event.link)
  }
