import { BrowserLevel } from 'browser-level'
import { filter, firstValueFrom, map, ReplaySubject, take } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { outbox, type Outbox, type OutboxEntry } from 'rx-phoenix/durable'

/* The page of the specs of the outbox: an outbox in IndexedDB, driven through `lab`. */

const entries$ = new ReplaySubject<readonly OutboxEntry[]>(1)
let outgoing: Outbox | undefined

const opened = (): Outbox => {
  if (!outgoing) throw new Error('open first')
  return outgoing
}

const open = (url: string): void => {
  const channel = phoenixSocket(url, { reconnect: () => 20 }).channel('notes', { rejoin: () => 20 })
  outgoing = outbox(channel, { store: new BrowserLevel<string, string>('outbox'), timeoutMs: 600_000 })
  outgoing.entries$.subscribe(entries$)
}

/** Resolves with the states of all entries, in order, as soon as they are these. */
const shown = (...expected: readonly string[]): Promise<unknown> =>
  firstValueFrom(
    entries$.pipe(
      map((entries) => entries.map(({ state }) => state.status)),
      filter((statuses) => statuses.join() === expected.join()),
    ),
  )

/** The text of a note is its number and as much more as is asked for. Resolves when it is stored, or with the error. */
const push = (n: number, length = 0): Promise<unknown> =>
  firstValueFrom(
    opened()
      .push('note', { n, text: 'x'.repeat(length) }, { key: `note-${n}` })
      .pipe(
        take(1),
        map(({ status }) => status),
      ),
  ).catch((error: unknown) => {
    const { _tag, step } = error as { readonly _tag: string; readonly step?: string }
    return [_tag, step]
  })

Object.assign(globalThis, { tell: () => undefined, lab: { open, push, shown } })
