import {
  ConnectionClosed,
  ConnectionFailed,
  ConnectionRefused,
  fullJitter,
  InvalidArgument,
  type RetryPolicy,
  type SocketError,
  stopAfter,
  stopAfterRefusals,
  Unauthorized,
} from '../../lib/index.ts'

const refused = (status: number): ConnectionRefused => new ConnectionRefused({ status })
const away = new ConnectionFailed('away', { cause: new Error('ENOTFOUND') })
const closed = new ConnectionClosed({ code: 1006, reason: '', wasClean: false })

/** What a policy says to failures of one series. */
const answers = (policy: RetryPolicy, ...causes: readonly SocketError[]): unknown[] =>
  causes.map((cause, i) => policy(cause, i + 1))

describe('stopAfterRefusals', () => {
  it('gives up with Unauthorized at that many refusals in a row, 401 and 403 alike', () => {
    const last = refused(403)
    const [first, second, third] = answers(
      stopAfterRefusals(3)(() => 5),
      refused(401),
      refused(403),
      last,
    )
    expect([first, second]).toEqual([5, 5])
    expect(third).toBeInstanceOf(Unauthorized)
    expect(third).toMatchObject({ _tag: 'Unauthorized', status: 403, attempts: 3, cause: last })
  })

  it.each<[string, SocketError]>([
    ['another status', refused(503)],
    ['a server that is away', away],
    ['a connection that was open', closed],
  ])('counts from zero again at %s', (_case, other) => {
    const policy = stopAfterRefusals(2)(() => 5)
    expect(answers(policy, refused(403), other, refused(403))).toEqual([5, 5, 5])
    expect(policy(refused(403), 4)).toBeInstanceOf(Unauthorized)
  })

  it('neither counts failures without a known cause nor resets its count because of them', () => {
    const policy = stopAfterRefusals(2)(() => 5)
    const unknown = new ConnectionFailed('a browser does not tell')
    expect(answers(policy, refused(403), unknown, unknown)).toEqual([5, 5, 5])
    expect(policy(refused(403), 4)).toBeInstanceOf(Unauthorized)
  })

  it('counts from zero again with a new series of attempts', () => {
    const policy = stopAfterRefusals(2)(() => 5)
    expect(answers(policy, refused(403))).toEqual([5])
    expect(policy(refused(403), 1)).toBe(5)
    expect(policy(refused(403), 2)).toBeInstanceOf(Unauthorized)
  })

  it('counts for each policy that is made of it', () => {
    const stopping = stopAfterRefusals(2)
    const [one, other] = [stopping(() => 1), stopping(() => 2)]
    expect([one(refused(403), 1), other(refused(403), 1)]).toEqual([1, 2])
  })

  it('combines with the other policies, in any order', () => {
    const outside = stopAfterRefusals(1)(fullJitter(() => 5))
    const inside = fullJitter(stopAfterRefusals(1)(() => 5))
    const limited = stopAfter(1)(stopAfterRefusals(5)(() => 5))
    expect(outside(refused(401), 1)).toBeInstanceOf(Unauthorized)
    expect(inside(refused(401), 1)).toBeInstanceOf(Unauthorized)
    expect(answers(limited, refused(401), refused(401))).toEqual([5, 'stop'])
  })

  it('says what to do, and no secret of the refusal', () => {
    const cause = new ConnectionRefused({ status: 401, body: 'S3CRET' })
    const error = new Unauthorized({ attempts: 3, cause })
    expect(error.message).toBe(
      'The server refused 3 attempts in a row, the last with HTTP status 401; sign in again, then subscribe again.',
    )
    expect(new Unauthorized({ attempts: 1, cause }).message).toContain('refused 1 attempt, ')
  })

  it.each([0, -1, 1.5, NaN, '3' as unknown as number])('refuses to count to %p', (attempts) => {
    expect(() => stopAfterRefusals(attempts)).toThrow(InvalidArgument)
  })
})
