import { left, right } from 'fp-ts/Either'
import { NEVER, of, Subject, throwError, toArray } from 'rxjs'
import { firstValueFrom } from 'rxjs'
import { InvalidArgument, PushTimeout, toEither } from '../../lib/index.ts'

describe('toEither', () => {
  it('makes a Right of the response, and completes', async () => {
    await expect(firstValueFrom(toEither(of({ id: 1 })).pipe(toArray()))).resolves.toEqual([right({ id: 1 })])
  })

  it('makes a Left of the error, and completes', async () => {
    const error = new PushTimeout({ topic: 'room:a', event: 'p', sent: true, timeoutMs: 5 })

    await expect(firstValueFrom(toEither(throwError(() => error)).pipe(toArray()))).resolves.toEqual([
      left(error),
    ])
  })

  it('throws at the call for what is no push', () => {
    expect(() => toEither((() => of(1)) as never)).toThrow(InvalidArgument)
    expect(() => toEither(Promise.resolve(1) as never)).toThrow(
      'toEither.push$ is an object: pass an Observable',
    )
  })

  it('unsubscribes from the push', () => {
    const push$: Subject<unknown> = new Subject()
    toEither(push$).subscribe().unsubscribe()

    expect(push$.observed).toBe(false)
    expect(() => {
      toEither(NEVER).subscribe().unsubscribe()
    }).not.toThrow()
  })
})
