import { left, right } from 'fp-ts/Either'
import { NEVER, of, Subject, throwError, toArray } from 'rxjs'
import { firstValueFrom } from 'rxjs'
import { InvalidArgument, phoenixSocket, PushTimeout, toEither } from '../../lib/index.ts'
import { errorTo, fakePhoenix } from '../../lib/testing/index.ts'

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

  it('means the same as an operator', async () => {
    const error = new PushTimeout({ topic: 'room:a', event: 'p', sent: true, timeoutMs: 5 })

    await expect(firstValueFrom(of(1).pipe(toEither))).resolves.toEqual(right(1))
    await expect(firstValueFrom(throwError(() => error).pipe(toEither))).resolves.toEqual(left(error))
  })

  it('leaves errors that are not of a push as errors', async () => {
    const mistake = new TypeError('mine')
    const lookAlike = Object.assign(new Error('mine'), { _tag: 'Mine' })

    await expect(firstValueFrom(toEither(throwError(() => mistake)))).rejects.toBe(mistake)
    await expect(firstValueFrom(toEither(throwError(() => lookAlike)))).rejects.toBe(lookAlike)
  })

  it('treats the error with which a policy stopped as one of the push', async () => {
    const { transport } = fakePhoenix({ answer: (message) => of(errorTo(message, { reason: 'no' })) })
    const push$ = phoenixSocket('ws://localhost/socket', { transport }).channel('room:a').push('p')

    await expect(firstValueFrom(push$.pipe(toEither))).resolves.toMatchObject({
      left: { _tag: 'JoinRefused' },
    })
  })

  it('throws at the call if it gets something other than a push', () => {
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
