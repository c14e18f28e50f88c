import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import { MemoryLevel } from 'memory-level'
import {
  asyncScheduler,
  catchError,
  concatMap,
  filter,
  firstValueFrom,
  interval,
  lastValueFrom,
  map,
  type Observable,
  of,
  range,
  Subject,
  switchMap,
  take,
  tap,
  toArray,
} from 'rxjs'
import {
  outbox,
  type OutboxEntry,
  type OutboxOptions,
  type OutboxStore,
  type Tabs,
} from '../../lib/durable/index.ts'
import { phoenixSocket } from '../../lib/index.ts'
import { channel, error, ok, phoenixServer, type PhoenixServer } from '../../lib/server/index.ts'

interface Note {
  readonly n: number
  readonly idempotency_key: string
}

const loop = {}

let server: PhoenixServer
let notes: Note[]
const arrived$ = new Subject<void>()
/** Resolves when so many notes have come. */
const arrived = async (count: number): Promise<void> => {
  while (notes.length < count) await firstValueFrom(arrived$)
}
/** Events of which the server refuses, and those that it does not answer. */
let answer: (note: Note) => ReturnType<typeof ok> | ReturnType<typeof error> | undefined
beforeEach(async () => {
  notes = []
  answer = ({ n }) => ok({ n })
  server = await phoenixServer({
    sockets: {
      '/socket': {
        id: () => 'all',
        channels: {
          notes: channel({
            handleIn: (_event, payload) => {
              notes.push(payload as Note)
              arrived$.next()
              return answer(payload as Note)
            },
          }),
        },
      },
    },
  })
})
afterEach(async () => {
  await server.close()
})

const open = (store: OutboxStore, options: Partial<OutboxOptions> = {}) =>
  outbox(phoenixSocket(`${server.url}/socket`, { reconnect: () => 5 }).channel('notes'), {
    store,
    ...options,
  })
const memory = (): OutboxStore => new MemoryLevel<string, string>()
const statuses = (states$: Observable<{ readonly status: string }>): Promise<readonly string[]> =>
  lastValueFrom(
    states$.pipe(
      map(({ status }) => status),
      toArray(),
    ),
  )
const numbers = (): readonly number[] => notes.map(({ n }) => n)

describe('outbox', () => {
  it('stores a push, sends it with a key, and shows how it is doing', async () => {
    const outgoing = open(memory(), { newKey: () => 'key-1' })
    const states = await lastValueFrom(outgoing.push('note', { n: 1 }).pipe(toArray()))
    expect(states).toEqual([
      { status: 'queued' },
      { status: 'sending', attempt: 0 },
      { status: 'done', response: { n: 1 } },
    ])
    expect(notes).toEqual([{ n: 1, idempotency_key: 'key-1' }])
    expect(await firstValueFrom(outgoing.entries$)).toEqual([])
  })

  it('sends in order, one at a time, and completes a flush when all are done', async () => {
    const outgoing = open(memory())
    const all = Array.from({ length: 50 }, (_, n) => lastValueFrom(outgoing.push('note', { n })))
    await lastValueFrom(outgoing.flush(), { defaultValue: undefined })
    await Promise.all(all)
    expect(numbers()).toEqual(Array.from({ length: 50 }, (_, n) => n))
  })

  it('sends what an earlier run has left', async () => {
    const store = memory()
    answer = () => undefined
    const first = open(store)
    await firstValueFrom(first.push('note', { n: 1 }).pipe(filter(({ status }) => status === 'sending')))
    answer = ({ n }) => ok({ n })
    await lastValueFrom(open(store).flush(), { defaultValue: undefined })
    expect(numbers().at(-1)).toBe(1)
    expect(new Set(notes.map((note) => note.idempotency_key)).size).toBe(1)
    expect(await firstValueFrom(open(store).entries$)).toEqual([])
  })

  it('sends again after a lost connection, under the same key', async () => {
    let calls = 0
    answer = ({ n }) => {
      calls += 1
      if (calls > 1) return ok({ n })
      for (const connection of server.connections()) connection.kill()
      return undefined
    }
    const seen = await statuses(open(memory(), { retry: () => 1 }).push('note', { n: 1 }))
    expect(seen).toEqual(['queued', 'sending', 'sending', 'done'])
    expect(new Set(notes.map((note) => note.idempotency_key)).size).toBe(1)
  })

  it('keeps what the server refuses, sends the next, and sends it again when asked', async () => {
    const store = memory()
    answer = ({ n }) => (n === 1 ? error({ reason: 'no' }) : ok({ n }))
    const outgoing = open(store)
    const first = lastValueFrom(outgoing.push('note', { n: 1 }, { key: 'one' }))
    const second = statuses(outgoing.push('note', { n: 2 }))
    expect(await first).toMatchObject({
      status: 'refused',
      error: { tag: 'PushRefused', response: { reason: 'no' } },
    })
    expect((await second).at(-1)).toBe('done')
    const [kept] = await firstValueFrom(open(store).entries$)
    expect(kept).toMatchObject({
      key: 'one',
      payload: { n: 1 },
      state: { status: 'refused', error: { tag: 'PushRefused' } },
    })
    answer = ({ n }) => ok({ n })
    await lastValueFrom(outgoing.retry('one'))
    await lastValueFrom(outgoing.flush(), { defaultValue: undefined })
    expect(numbers()).toEqual([1, 2, 1])
  })

  it('takes a refused entry out as soon as somebody hears of the refusal', async () => {
    const store = memory()
    answer = () => error({ reason: 'no' })
    const outgoing = open(store)
    const discarded$ = outgoing.push('note', { n: 1 }, { key: 'one' }).pipe(
      filter(({ status }) => status === 'refused'),
      switchMap(() => outgoing.discard('one')),
    )
    await lastValueFrom(discarded$, { defaultValue: undefined })
    expect(await firstValueFrom(open(store).entries$)).toEqual([])
  })

  it('takes an entry out', async () => {
    const store = memory()
    answer = () => undefined
    const outgoing = open(store)
    const states = statuses(outgoing.push('note', { n: 1 }, { key: 'one' }))
    await firstValueFrom(outgoing.entries$.pipe(filter(([entry]) => entry?.state.status === 'sending')))
    await lastValueFrom(outgoing.discard('one'))
    expect((await states).at(-1)).toBe('discarded')
    expect(await firstValueFrom(open(store).entries$)).toEqual([])
    await expect(lastValueFrom(outgoing.discard('one'))).rejects.toMatchObject({ _tag: 'EntryUnknown' })
  })

  it('refuses an entry that is too old, or was sent too often', async () => {
    answer = () => undefined
    const late = await lastValueFrom(open(memory(), { maxAgeMs: 30 }).push('note', { n: 1 }))
    expect(late).toMatchObject({ status: 'refused', error: { tag: 'Expired' } })
    const often = await lastValueFrom(
      open(memory(), { timeoutMs: 20, maxAttempts: 2, retry: () => 1 }).push('note', { n: 2 }),
    )
    expect(often).toMatchObject({ status: 'refused', error: { tag: 'PushTimeout' } })
  })

  it('takes a key that is there already for the same entry, and fails for another payload', async () => {
    answer = () => undefined
    const outgoing = open(memory())
    const states$ = outgoing.push('note', { n: 1 }, { key: 'one' })
    const [first, second] = [new Subject<string>(), new Subject<string>()]
    const subscriptions = [first, second].map((seen$) =>
      states$.pipe(map(({ status }) => status)).subscribe(seen$),
    )
    await arrived(1)
    await expect(lastValueFrom(outgoing.push('note', { n: 2 }, { key: 'one' }))).rejects.toMatchObject({
      _tag: 'KeyReused',
    })
    expect(numbers()).toEqual([1])
    for (const subscription of subscriptions) subscription.unsubscribe()
  })

  it.each([
    ['bytes', { file: new Uint8Array(1) }],
    ['a Map', { map: new Map() }],
    ['NaN', { n: NaN }],
    ['a function', { f: () => 1 }],
    ['a bigint', { n: 1n }],
    ['itself', Object.assign(loop, { loop })],
    ['undefined', undefined],
  ])('fails with InvalidPayload for a payload with %s, and stores nothing', async (_, payload) => {
    const outgoing = open(memory())
    await expect(lastValueFrom(outgoing.push('note', payload))).rejects.toMatchObject({
      _tag: 'InvalidPayload',
    })
    expect(await firstValueFrom(outgoing.entries$)).toEqual([])
  })

  it('fails for a payload that has no room for a key, unless withKey makes some', async () => {
    await expect(lastValueFrom(open(memory()).push('note', [1]))).rejects.toMatchObject({
      _tag: 'InvalidArgument',
      argument: 'payload',
    })
    await lastValueFrom(
      open(memory(), { withKey: (payload, key) => [payload, key], newKey: () => 'k' }).push('note', 1),
    )
    expect(notes).toEqual([[1, 'k']])
  })

  it('fails with StoreFailed for a push that cannot be stored, and keeps what is stored', async () => {
    const store = new MemoryLevel<string, string>()
    let full = false
    const limited: OutboxStore = {
      open: () => store.open(),
      iterator: (options) => store.iterator(options),
      batch: (operations, options) =>
        full ? Promise.reject(new Error('QuotaExceededError')) : store.batch(operations, options),
    }
    answer = () => undefined
    const outgoing = open(limited)
    const keeping = outgoing.entries$.subscribe()
    await firstValueFrom(outgoing.push('note', { n: 1 }))
    full = true
    await expect(lastValueFrom(outgoing.push('note', { n: 2 }))).rejects.toMatchObject({
      _tag: 'StoreFailed',
      step: 'write',
    })
    expect((await firstValueFrom(outgoing.entries$)).map(({ payload }) => payload)).toEqual([{ n: 1 }])
    full = false
    expect(await firstValueFrom(outgoing.push('note', { n: 3 }))).toEqual({ status: 'queued' })
    keeping.unsubscribe()
  })

  it('fails with StoreFailed for a push on a store that was closed, and stores the next one when it is open', async () => {
    const store = new MemoryLevel<string, string>()
    const outgoing = open(store)
    const keeping = outgoing.entries$.subscribe()
    await lastValueFrom(outgoing.push('note', { n: 1 }))
    await store.close()
    await expect(lastValueFrom(outgoing.push('note', { n: 2 }))).rejects.toMatchObject({
      _tag: 'StoreFailed',
      step: 'write',
    })
    await store.open()
    expect((await statuses(outgoing.push('note', { n: 3 }))).at(-1)).toBe('done')
    expect(numbers()).toEqual([1, 3])
    keeping.unsubscribe()
  })

  it('fails with StoreFailed on a store that cannot be opened', async () => {
    const broken: OutboxStore = {
      open: () => Promise.reject(new Error('denied')),
      iterator: () => {
        throw new Error('closed')
      },
      batch: () => Promise.resolve(),
    }
    await expect(firstValueFrom(open(broken).entries$)).rejects.toMatchObject({
      _tag: 'StoreFailed',
      step: 'open',
    })
  })

  it('stores a push that is made the moment the one before is stored', async () => {
    // Another tab sends, so no later write of this one takes it along.
    const tabs: Tabs = {
      locks: { request: () => new Promise(() => undefined) },
      channel: () => ({ postMessage: () => undefined, onmessage: null, close: () => undefined }),
    }
    const outgoing = open(memory(), { tabs })
    const queued = (n: number): Observable<unknown> =>
      outgoing.push('note', { n }).pipe(
        filter(({ status }) => status === 'queued'),
        take(1),
      )
    const held = outgoing.entries$.subscribe()
    await lastValueFrom(range(0, 10).pipe(concatMap(queued)))
    expect(await firstValueFrom(outgoing.entries$)).toHaveLength(10)
    held.unsubscribe()
  })

  it('keeps entries in LevelDB, and fails with StoreLocked where another one has it open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'outbox-'))
    const store = new ClassicLevel<string, string>(folder)
    await lastValueFrom(open(store).push('note', { n: 1 }))
    const other = new ClassicLevel<string, string>(folder)
    await expect(firstValueFrom(open(other).entries$)).rejects.toMatchObject({ _tag: 'StoreLocked' })
    await store.close()
    await lastValueFrom(open(other).push('note', { n: 2 }))
    await other.close()
    expect(numbers()).toEqual([1, 2])
    await rm(folder, { recursive: true })
  })

  it('sends from one of several tabs, shows the entries in all, and hands over when that one closes', async () => {
    const tabs = fakeTabs()
    const store = memory()
    const [first, second] = [open(store, { tabs }), open(store, { tabs })]
    const one = first.entries$.subscribe()
    await firstValueFrom(first.entries$)
    const two = second.entries$.subscribe()
    await firstValueFrom(second.entries$)
    expect((await statuses(second.push('note', { n: 1 }))).at(-1)).toBe('done')
    expect(server.connections()).toHaveLength(1)

    answer = () => undefined
    const last = statuses(second.push('note', { n: 2 }))
    await firstValueFrom(first.entries$.pipe(filter(([entry]) => entry?.state.status === 'sending')))
    await firstValueFrom(second.entries$.pipe(filter(([entry]) => entry?.state.status === 'sending')))
    await arrived(2)
    answer = ({ n }) => ok({ n })
    one.unsubscribe()
    expect((await last).at(-1)).toBe('done')
    expect(numbers()).toEqual([1, 2, 2])
    two.unsubscribe()
  })

  it('shows in a tab that is opened later that an entry is being sent', async () => {
    const tabs = fakeTabs()
    const store = memory()
    answer = () => undefined
    const [first, second] = [open(store, { tabs }), open(store, { tabs })]
    const one = first.push('note', { n: 1 }).subscribe()
    await arrived(1)
    const sending = filter(([entry]: readonly OutboxEntry[]) => entry?.state.status === 'sending')
    expect(await firstValueFrom(second.entries$.pipe(sending))).toHaveLength(1)
    one.unsubscribe()
  })

  it('keeps the entries of two tabs apart, also where their keys begin alike', async () => {
    const tabs = fakeTabs()
    const store = memory()
    let keys = 0
    const newKey = () => `message-${(keys += 1)}`
    answer = () => undefined
    const [first, second] = [open(store, { tabs, newKey }), open(store, { tabs, newKey })]
    const views = [first, second].map(({ entries$ }) => entries$.subscribe())
    await firstValueFrom(first.entries$)
    await firstValueFrom(second.entries$)
    await Promise.all([first, second].map((tab, n) => firstValueFrom(tab.push('note', { n }))))
    for (const view of views) view.unsubscribe()
    expect(await firstValueFrom(open(store).entries$)).toHaveLength(2)
  })

  it('sends what is being stored while this tab takes over', async () => {
    const tabs = fakeTabs()
    const store = new MemoryLevel<string, string>()
    const read$ = new Subject<void>()
    let slow = false
    const slowly: OutboxStore = {
      open: () => store.open(),
      batch: (operations, options) => store.batch(operations, options),
      iterator: async function* (options) {
        const entries = await store.iterator(options).all()
        if (slow) await firstValueFrom(read$)
        yield* entries
      },
    }
    const [first, second] = [open(store, { tabs }), open(slowly, { tabs })]
    const one = first.entries$.subscribe()
    await firstValueFrom(first.entries$)
    const two = second.entries$.subscribe()
    await firstValueFrom(second.entries$)
    await new Promise((resolve) => setImmediate(resolve))
    slow = true
    one.unsubscribe()
    await new Promise((resolve) => setImmediate(resolve))
    const queued$ = new Subject<void>()
    const states = statuses(
      second.push('note', { n: 1 }).pipe(
        tap(() => {
          queued$.next()
        }),
      ),
    )
    await firstValueFrom(queued$)
    read$.next()
    expect(await states).toEqual(['queued', 'sending', 'done'])
    expect(numbers()).toEqual([1])
    two.unsubscribe()
  })

  it('does not send what has become too old meanwhile', async () => {
    const store = memory()
    answer = () => undefined
    const first = open(store)
    for (const n of [1, 2]) await firstValueFrom(first.push('note', { n }))
    answer = ({ n }) => ok({ n })
    const later = { now: () => Date.now() + 1_000, schedule: asyncScheduler.schedule.bind(asyncScheduler) }
    const second = open(store, { maxAgeMs: 500, scheduler: later })
    const keeping = second.push('note', { n: 3 }).subscribe()
    notes = []
    await lastValueFrom(second.flush(), { defaultValue: undefined })
    expect(numbers()).toEqual([3])
    expect((await firstValueFrom(second.entries$)).map(({ state }) => state)).toMatchObject([
      { error: { tag: 'Expired' } },
      { error: { tag: 'Expired' } },
    ])
    keeping.unsubscribe()
  })

  it('completes a flush where a push cannot be stored', async () => {
    const store = new MemoryLevel<string, string>()
    const full: OutboxStore = {
      open: () => store.open(),
      iterator: (options) => store.iterator(options),
      batch: () => Promise.reject(new Error('QuotaExceededError')),
    }
    const outgoing = open(full)
    const keeping = outgoing.entries$.subscribe()
    await firstValueFrom(outgoing.entries$)
    const failure = firstValueFrom(
      outgoing.push('note', { n: 1 }).pipe(catchError((error: unknown) => of(error))),
    )
    await lastValueFrom(outgoing.flush(), { defaultValue: undefined })
    expect(await failure).toMatchObject({ _tag: 'StoreFailed' })
    keeping.unsubscribe()
  })

  it('refuses an entry for which withKey throws, and sends the next', async () => {
    const withKey = (payload: unknown) => {
      if ((payload as Note).n === 1) throw new Error('no key')
      return payload
    }
    const outgoing = open(memory(), { withKey })
    const first = lastValueFrom(outgoing.push('note', { n: 1 }))
    const second = lastValueFrom(outgoing.push('note', { n: 2 }))
    expect(await first).toMatchObject({ status: 'refused', error: { message: 'no key' } })
    expect(await second).toMatchObject({ status: 'done' })
  })

  it('flushes from a tab that does not send', async () => {
    const tabs = fakeTabs()
    const store = memory()
    const options = { tabs, timeoutMs: 20, retry: () => 3_600_000 }
    const [first, second] = [open(store, options), open(store, options)]
    const views = [first, second].map(({ entries$ }) => entries$.subscribe())
    await firstValueFrom(first.entries$)
    await firstValueFrom(second.entries$)
    answer = () => undefined
    const states = statuses(first.push('note', { n: 1 }))
    await arrived(1)
    answer = ({ n }) => ok({ n })
    // Again and again, since nothing shows when the first attempt has timed out.
    const flushing = interval(5)
      .pipe(switchMap(() => second.flush()))
      .subscribe()
    expect((await states).at(-1)).toBe('done')
    flushing.unsubscribe()
    for (const view of views) view.unsubscribe()
  })

  it.each([
    ['store', { store: {} }],
    ['name', { name: 'a!b' }],
    ['concurrency', { concurrency: 0 }],
    ['retry', { retry: 3 }],
    ['maxAgeMs', { maxAgeMs: -1 }],
    ['maxAttempts', { maxAttempts: 0 }],
    ['withKey', { withKey: 'key' }],
  ])('throws InvalidArgument for a %s that cannot work', (argument, options) => {
    expect(() => open(memory(), options as never)).toThrow(
      expect.objectContaining({ _tag: 'InvalidArgument', argument }) as never,
    )
  })
})

/** Web Locks and a BroadcastChannel without a browser. */
const fakeTabs = (): Tabs => {
  const bus$ = new Subject<{ readonly from: object; readonly data: unknown }>()
  let turn = Promise.resolve()
  return {
    locks: {
      request: (_name, { signal }, hold) => {
        const mine = turn.then(() => (signal.aborted ? undefined : hold()))
        turn = mine
        return mine
      },
    },
    channel: () => {
      const tab = {
        onmessage: null as ((event: { readonly data: unknown }) => void) | null,
        postMessage: (message: unknown) => {
          const data = structuredClone(message)
          setImmediate(() => {
            bus$.next({ from: tab, data })
          })
        },
        close: () => {
          heard.unsubscribe()
        },
      }
      const heard = bus$.pipe(filter(({ from }) => from !== tab)).subscribe((event) => {
        tab.onmessage?.(event)
      })
      return tab
    },
  }
}
