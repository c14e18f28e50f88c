import { delay, firstValueFrom, merge, mergeMap, NEVER, of, Subject, type Subscription } from 'rxjs'
import { ConnectionClosed, phoenixSocket } from 'rx-phoenix'
import { inspector, type InspectorElement } from 'rx-phoenix/inspector'
import { answerBy, broadcast, errorTo, fakePhoenix, type LinkScript, okTo } from 'rx-phoenix/testing'

/* The page of the specs of the inspector: a client and a server in memory, which do what `lab` is asked to. */

const TOPIC = 'room:lobby'

type Line = Parameters<Parameters<typeof answerBy>[0][string]>[0] | { readonly raw: string } | 'cut'

const lines$ = new Subject<Line>()

const script = (): LinkScript =>
  merge(
    of('open' as const),
    lines$.pipe(
      mergeMap((line) => {
        if (line === 'cut') throw new ConnectionClosed({ code: 1006, reason: '', wasClean: false })
        return of(line)
      }),
    ),
  )

const server = fakePhoenix({
  link: script,
  answer: answerBy(
    {
      phx_join: (message) => of(okTo(message)),
      save: (message) => of(okTo(message, { id: 7, token: 'hush' })).pipe(delay(5)),
      shout: (message) => of(errorTo(message, { reason: 'muted' })),
      lost: () => NEVER,
    },
    0,
  ),
})

const socket = phoenixSocket('ws://localhost/socket', {
  transport: server.transport,
  reconnect: () => 600_000,
})
const room = socket.channel(TOPIC)
const element = document.createElement('rx-phoenix-inspector') as InspectorElement
const main = document.querySelector('main')
main?.append(element)

let shown: Subscription | undefined

const lab = {
  element,
  /** Begins to show, before or after the channel is joined. */
  show: (): void => {
    shown = inspector(socket, element)
  },
  /** The same within an element that is no inspector. */
  showWithin: (): void => {
    shown = inspector(socket, document.body)
  },
  stop: (): void => {
    shown?.unsubscribe()
  },
  join: (): void => {
    room.subscribe()
  },
  say: (event: string, payload: unknown): void => {
    lines$.next(broadcast(TOPIC, event, payload))
  },
  raw: (text: string): void => {
    lines$.next({ raw: text })
  },
  cut: (): void => {
    lines$.next('cut')
  },
  /** Resolves with the outcome. */
  push: (event: string, payload: unknown): Promise<unknown> =>
    firstValueFrom(room.push(event, payload)).then(
      () => 'ok',
      (error: unknown) => (error as { readonly _tag: string })._tag,
    ),
  /** As many events in each frame of the screen as make a thousand in a second, so many in all. */
  stream: (count: number): Promise<void> =>
    new Promise((resolve) => {
      let sent = 0
      const onFrame = (): void => {
        for (let n = 0; n < 17 && sent < count; n += 1) lab.say(`tick${sent % 7}`, { n: (sent += 1) })
        if (sent < count) requestAnimationFrame(onFrame)
        else
          requestAnimationFrame(() => {
            requestAnimationFrame(() => {
              resolve()
            })
          })
      }
      onFrame()
    }),
  burst: (count: number): void => {
    for (let n = 0; n < count; n += 1) lab.say('tick', { n })
  },
  /** The text of a part. */
  text: (selector: string): string => element.shadowRoot?.querySelector(selector)?.textContent ?? '',
  /** How many pixels of the drawing have this colour. */
  pixels: (red: number, green: number, blue: number): number => {
    const canvas = element.shadowRoot?.querySelector('canvas')
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
    let found = 0
    for (let at = 0; at < data.length; at += 4)
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) found += 1
    return found
  },
}

document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
  if (effectiveDirective !== 'img-src') violations.push(effectiveDirective)
})
const violations: string[] = []

Object.assign(globalThis, { lab, violations, tell: () => undefined })
