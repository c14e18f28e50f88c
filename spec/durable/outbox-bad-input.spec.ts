import { MemoryLevel } from 'memory-level'
import { catchError, firstValueFrom, lastValueFrom, map, type Observable, of, toArray } from 'rxjs'
import { outbox, type OutboxOptions } from '../../lib/durable/index.ts'
import { phoenixSocket } from '../../lib/index.ts'
import { channel, error, ok, phoenixServer, type PhoenixServer } from '../../lib/server/index.ts'

let server: PhoenixServer
let store: MemoryLevel
let notes: unknown[]
let isRefusing: boolean
beforeEach(async () => {
  store = new MemoryLevel<string, string>()
  notes = []
  isRefusing = false
  server = await phoenixServer({
    sockets: {
      '/socket': {
        id: () => 'all',
        channels: {
          notes: channel({
            handleIn: (_event, payload) => {
              notes.push(payload)
              return isRefusing ? error({ reason: 'no' }) : ok()
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

const open = (options: Partial<OutboxOptions> = {}) =>
  outbox(phoenixSocket(`${server.url}/socket`).channel('notes'), { store, ...options })
/** The values of a stream, and the tag of its error. */
const outcome = (values$: Observable<unknown>): Promise<readonly unknown[]> =>
  lastValueFrom(
    values$.pipe(
      catchError((failure: { readonly _tag: string }) => of(failure._tag)),
      toArray(),
    ),
  )
const statuses = (states$: Observable<{ readonly status: string }>): Promise<readonly unknown[]> =>
  outcome(states$.pipe(map(({ status }) => status)))

describe('an outbox', () => {
  it('does not bring back an entry that is discarded and retried together', async () => {
    isRefusing = true
    const outgoing = open()
    const keeping = outgoing.entries$.subscribe()
    await statuses(outgoing.push('note', { n: 1 }, { key: 'one' }))
    isRefusing = false
    expect(await Promise.all([outcome(outgoing.discard('one')), outcome(outgoing.retry('one'))])).toEqual([
      [undefined],
      ['EntryUnknown'],
    ])
    expect(await outcome(outgoing.flush())).toEqual([])
    expect(await store.keys().all()).toEqual([])
    expect(notes).toHaveLength(1)
    keeping.unsubscribe()
  })

  it('sends an entry once that is retried twice', async () => {
    isRefusing = true
    const outgoing = open()
    const keeping = outgoing.entries$.subscribe()
    await statuses(outgoing.push('note', { n: 1 }, { key: 'one' }))
    isRefusing = false
    await Promise.all([outcome(outgoing.retry('one')), outcome(outgoing.retry('one'))])
    expect(await outcome(outgoing.flush())).toEqual([])
    expect(notes).toHaveLength(2)
    keeping.unsubscribe()
  })

  it('refuses an entry of which withKey makes nothing, and sends the next', async () => {
    const withKey = (payload: unknown) => ((payload as { n: number }).n === 1 ? undefined : payload)
    const outgoing = open({ withKey })
    expect(await lastValueFrom(outgoing.push('note', { n: 1 }))).toMatchObject({
      status: 'refused',
      error: { tag: 'InvalidArgument' },
    })
    expect(await statuses(outgoing.push('note', { n: 2 }))).toEqual(['queued', 'sending', 'done'])
    expect(notes).toEqual([{ n: 2 }])
  })

  it('fails for a push whose newKey returns no text, and stores nothing', async () => {
    const outgoing = open({ newKey: () => '' })
    expect(await outcome(outgoing.push('note', { n: 1 }))).toEqual(['InvalidArgument'])
    expect(await firstValueFrom(outgoing.entries$)).toEqual([])
  })

  it('takes the same payload for the same, whatever the order of its properties', async () => {
    isRefusing = true
    const outgoing = open()
    const keeping = outgoing.entries$.subscribe()
    await statuses(outgoing.push('note', { a: 1, b: { c: 2, d: 3 } }, { key: 'one' }))
    expect(await statuses(outgoing.push('note', { b: { d: 3, c: 2 }, a: 1 }, { key: 'one' }))).toEqual([
      'refused',
    ])
    keeping.unsubscribe()
  })

  it.each(['null', '{"key":"one"}', 'not JSON'])(
    'fails with StoreFailed where the store holds %s, and leaves it untouched',
    async (text) => {
      await store.put('rx-phoenix-outbox!notes!000000000000001-x', text)
      const outgoing = open()
      await expect(firstValueFrom(outgoing.entries$)).rejects.toMatchObject({
        _tag: 'StoreFailed',
        step: 'read',
      })
      expect(await outcome(outgoing.push('note', { n: 1 }))).toEqual(['StoreFailed'])
      expect(await store.values().all()).toEqual([text])
    },
  )

  it('shows its entries also after the database was closed, and opens it again for the next subscriber', async () => {
    isRefusing = true
    const outgoing = open()
    const keeping = outgoing.entries$.subscribe()
    await statuses(outgoing.push('note', { n: 1 }, { key: 'one' }))
    await store.close()
    expect(await firstValueFrom(outgoing.entries$)).toHaveLength(1)
    keeping.unsubscribe()
    expect(await firstValueFrom(outgoing.entries$)).toHaveLength(1)
  })
})
