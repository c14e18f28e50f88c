import {
  catchError,
  defer,
  EMPTY,
  firstValueFrom,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  Subject,
  takeUntil,
  tap,
} from 'rxjs'
import { type Channel, type ChannelState, type PhoenixSocket, presence } from '../../index.ts'
import { dialects, liveState } from '../../live-state/index.ts'
import { describeState } from '../describe-state.ts'
import { explain } from '../explain.ts'
import { type Json } from '../read-argument.ts'
import { type Pages } from './pages.ts'
import { type Answer, type Command, type ShownChannel } from './told.ts'

/** The channels of the page, and what it does with them. */
export interface Bridge {
  /** Keeps the channels of the page joined, beginning with these. Never completes. */
  channels(topics: readonly string[]): Observable<never>
  act(command: Command): Promise<Answer>
}

/** A channel that the page has joined, until it leaves. */
interface Wanted {
  readonly channel: Channel
  readonly left$: Subject<void>
  shown: ShownChannel
}

/** Joins, leaves and pushes for the page, and sends it the states of its channels. */
export const bridge = (
  socket: PhoenixSocket,
  pages: Pages,
  { params, hide }: { readonly params: Json; readonly hide: (json: string) => string },
): Bridge => {
  const wanted = new Map<string, Wanted>()
  const joins$ = new Subject<Wanted>()
  const hidden = <A>(value: A): A => JSON.parse(hide(JSON.stringify(value))) as A
  const show = (): void => {
    pages.show(() => hidden(Array.from(wanted.values(), ({ shown }) => shown)))
  }

  const leave = (topic: string): void => {
    wanted.get(topic)?.left$.next()
    wanted.delete(topic)
    show()
  }

  const join = (topic: string, own: Json = {}): void => {
    // Anything wrong with the topic shows here, before what there is is left.
    const channel = socket.channel(topic, { params: { ...params, ...own } })
    leave(topic)
    const each: Wanted = { channel, left$: new Subject(), shown: { topic, status: 'waiting' } }
    wanted.set(topic, each)
    show()
    joins$.next(each)
  }

  /** Keeps a channel joined, and notes all that it shows, until the page leaves it or it ends. */
  const following = (each: Wanted): Observable<never> => {
    const { channel, left$ } = each
    const note = (facts: Partial<ShownChannel>): void => {
      each.shown = { ...each.shown, ...facts }
      show()
    }
    const live$ = (Object.keys(dialects) as (keyof typeof dialects)[]).map((dialect) =>
      liveState(channel, { dialect }),
    )
    return merge(
      channel.pipe(
        tap((state) => {
          note({ status: statusOf(state) })
        }),
      ),
      presence(channel).pipe(
        tap((present) => {
          note({ present: Object.fromEntries(present) })
        }),
      ),
      ...live$.map((state$) =>
        state$.pipe(
          tap((state) => {
            note({ state })
          }),
        ),
      ),
    ).pipe(
      ignoreElements(),
      catchError((error: Error) => {
        // Refused, for instance. It stays in the list, and can be joined again.
        note({ status: explain(error) })
        return EMPTY
      }),
      takeUntil(left$),
    )
  }

  const push = async ({
    topic,
    event,
    payload,
    reply,
  }: Command & { readonly do: 'push' }): Promise<Answer> => {
    const channel = wanted.get(topic)?.channel
    if (!channel) return { ok: false, error: `"${topic}" is not joined here; join it first.` }
    if (reply)
      return { ok: true, response: shownResponse(await firstValueFrom(channel.push(event, payload))) }
    await firstValueFrom(channel.send(event, payload), { defaultValue: undefined })
    return { ok: true }
  }

  return {
    channels: (topics) =>
      merge(
        joins$.pipe(mergeMap(following)),
        // Behind the above, which has to listen when these are joined.
        defer(() => {
          for (const topic of new Set(topics)) join(topic)
          return EMPTY
        }),
      ),
    act: async (command) => {
      try {
        if (command.do === 'push') return hidden(await push(command))
        if (command.do === 'join') join(command.topic, command.params)
        else leave(command.topic)
        return { ok: true }
      } catch (error) {
        // Where the advice names a flag of `push`, the page has a field.
        const text = explain(error as Error).replace('use --no-reply', 'do not wait for the reply')
        return hidden({ ok: false, error: text })
      }
    },
  }
}

const statusOf = (state: ChannelState): string => describeState(state)?.text ?? state.status

/** JSON has no bytes. */
const shownResponse = (response: unknown): unknown =>
  response instanceof ArrayBuffer ? `<${response.byteLength} bytes>` : response
