import { map, NEVER, type Observable, Subject, tap } from 'rxjs'
import {
  ConnectionClosed,
  ConnectionFailed,
  type FallbackOptions,
  type FallbackStorage,
  type Link,
  type LinkEvent,
  phoenixSocket,
  type SocketOptions,
  type Transport,
  withFallback,
} from '../../lib/index.ts'
import { type MarbleHelpers } from '../../lib/testing/index.ts'
import { word } from '../support/run.ts'

export const TARGET = { url: 'wss://me:pw@host/socket?secret=1', params: {}, vsn: '2.0.0' }
/** Where a fallback of this target is stored. */
export const KEY = 'rx-phoenix:fallback:wss://host/socket'
/** How the primary fails to open, and how the secondary ends. */
export const dead: ConnectionFailed = new ConnectionFailed('no WebSocket here')
export const cut: ConnectionClosed = new ConnectionClosed({ code: 1006, reason: '', wasClean: false })

const link: Link = { send: () => undefined, bufferedAmount: 7 }

/** In a diagram: `o` opens, `f` is a frame, `#` fails. */
export const events: Readonly<Record<'o' | 'f', LinkEvent>> = {
  o: { type: 'open', link },
  f: { type: 'frame', frame: 'f' },
}

export interface Diagrams {
  readonly transport: Transport
  /** When each link was held, in the order of the diagrams. */
  readonly expectHeld: (...held: readonly (readonly string[])[]) => void
}

/** A transport whose links follow diagrams, one after the other; the last serves for all that follow. */
export const diagrams = (
  { cold, expectSubscriptions }: MarbleHelpers,
  error: unknown,
  all: readonly string[],
): Diagrams => {
  const links = all.map((diagram) => cold<LinkEvent>(diagram, events, error))
  let dials = 0
  return {
    transport: () => links[Math.min(dials++, links.length - 1)] ?? NEVER,
    expectHeld: (...held) => {
      links.forEach(({ subscriptions }, i) => {
        expectSubscriptions(subscriptions).toBe([...(held[i] ?? [])])
      })
    },
  }
}

export interface Pair {
  readonly transport: Transport
  /** `p` and `s` for each link of the primary and the secondary that opens. */
  readonly opened$: Observable<string>
  readonly primary: Diagrams
  readonly secondary: Diagrams
}

/** Two transports, and what falls back from the one to the other. Without probes unless told otherwise. */
export const pair = (
  helpers: MarbleHelpers,
  primaries: readonly string[],
  secondaries: readonly string[],
  options: FallbackOptions = {},
): Pair => {
  const primary = diagrams(helpers, dead, primaries)
  const secondary = diagrams(helpers, cut, secondaries)
  const opened$ = new Subject<string>()
  const telling =
    (name: string, transport: Transport): Transport =>
    (target) =>
      transport(target).pipe(
        tap(({ type }) => {
          if (type === 'open') opened$.next(name)
        }),
      )
  const transport = withFallback(telling('p', primary.transport), telling('s', secondary.transport), {
    recheckAfterMs: 0,
    ...options,
  })
  return { transport, opened$, primary, secondary }
}

/** The words of a socket over a transport. It waits 3 ms after each failure. */
export const words = (transport: Transport, options: SocketOptions = {}): Observable<string> =>
  phoenixSocket(TARGET.url, { transport, reconnect: () => 3, heartbeatIntervalMs: 0, ...options }).pipe(
    map(word),
  )

/** A storage in memory. */
export const storageWith = (
  items: Record<string, string> = {},
): FallbackStorage & { readonly items: Record<string, string> } => ({
  items,
  getItem: (key) => items[key] ?? null,
  setItem: (key, value) => {
    items[key] = value
  },
  removeItem: (key) => {
    Reflect.deleteProperty(items, key)
  },
})
