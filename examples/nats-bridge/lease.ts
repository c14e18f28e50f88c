import { type KV } from '@nats-io/kv'
import { defer, distinctUntilChanged, exhaustMap, type Observable, timer } from 'rxjs'

/**
 * Whether `holder` has the lease: of all who ask for the same key one at a time does. It is renewed four times in its life; a
 * holder that dies, or that the cluster does not hear, has lost it when that time is over.
 *
 *     holder dies   -------X
 *     ann           t------
 *     bob           f---------t
 *
 * Never completes. Nobody can be sure to hold a lease at the very moment (its process may have been suspended), so what is done
 * under it has to bear being done twice.
 */
export const lease = (bucket: KV, key: string, holder: string, leaseMs: number): Observable<boolean> =>
  defer(() => {
    let revision: number | undefined
    const ask = async (): Promise<boolean> => {
      revision = await (
        revision === undefined ? bucket.create(key, holder) : bucket.update(key, holder, revision)
      ).catch(() => undefined) // another one has it, or the cluster is electing a leader
      return revision !== undefined
    }
    return timer(0, leaseMs / 4).pipe(
      // exhaustMap: one question at a time, however slow the answer.
      exhaustMap(ask),
      distinctUntilChanged(),
    )
  })
