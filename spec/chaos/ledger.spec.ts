import { NEVER, type Observable, of, throwError } from 'rxjs'
import { ConnectionLost, PushRefused, PushTimeout } from '../../lib/index.ts'
import { chronicle } from './chronicle.ts'
import { Ledger, type PushKind } from './ledger.ts'
import { broadcast, broadcastSend, echo, fail } from './push-kinds.ts'

const timedOut = (sent: boolean): PushTimeout =>
  new PushTimeout({ topic: 'room:a', event: 'broadcast', sent, timeoutMs: 1 })

describe('the ledger of pushes', () => {
  /** The invariant that is violated when a push ends so and the server has seen it so often; undefined if none is. */
  const violated = (
    kind: PushKind,
    end$: (payload: object) => Observable<unknown>,
    seen: number,
  ): string | undefined => {
    const told = chronicle()
    const ledger = new Ledger(told)
    ledger.track('client', kind, {}, 1_000, end$).subscribe({ error: () => undefined })
    for (let i = 0; i < seen; i++) ledger.seen('client-1')
    ledger.checkSeen()
    return told.violation?.invariant
  }

  it.each([
    ['a success that was seen once', broadcast, () => of({}), 1],
    ['a send that was seen', broadcastSend, () => of(), 1],
    ['a send that was not', broadcastSend, () => of(), 0],
    ['an unsent push that was not seen', broadcast, () => throwError(() => timedOut(false)), 0],
    ['a sent push that was not seen', broadcast, () => throwError(() => timedOut(true)), 0],
    ['a sent push that was seen', broadcast, () => throwError(() => new ConnectionLost({ sent: true })), 1],
    ['an echo of the same payload', echo, (payload: object) => of({ ...payload }), 0],
  ])('finds no fault with %s', (_name, kind, end$, seen) => {
    expect(violated(kind, end$, seen)).toBeUndefined()
  })

  it.each([
    ['was seen by the server', 'a success that was not seen', broadcast, () => of({}), 0],
    ['is sent once', 'a push that was seen twice', broadcast, () => throwError(() => timedOut(true)), 2],
    [
      '`sent: false` was not sent',
      'an unsent push that was seen',
      broadcast,
      () => throwError(() => timedOut(false)),
      1,
    ],
    ['gives one value', 'two values', broadcast, () => of({}, {}), 1],
    ['completes after one value', 'no value', broadcast, () => of(), 1],
    ['response of its own reply', 'the reply to another', echo, () => of({ id: 'client-2' }), 0],
    [
      'reason that was given',
      'an error of no push',
      echo,
      () => throwError(() => Object.assign(new Error('odd'), { _tag: 'Odd' })),
      0,
    ],
    [
      'refused as the server said',
      'another refusal',
      fail,
      () =>
        throwError(() => new PushRefused({ topic: 'room:a', event: 'fail', status: 'error', response: 1 })),
      0,
    ],
  ])('reports that a push %s, given %s', (invariant, _name, kind, end$, seen) => {
    expect(violated(kind, end$, seen)).toContain(invariant)
  })

  it('reports a push that does not settle within its time', () => {
    const told = chronicle()
    const ledger = new Ledger(told)
    const subscription = ledger.track('client', echo, {}, -10_000, () => NEVER).subscribe()
    ledger.checkDeadlines(0)
    expect(told.violation?.invariant).toBe('a push settles within its timeout')
    subscription.unsubscribe()
    expect(ledger.outcomes.get('cancelled')).toBe(1)
  })
})
