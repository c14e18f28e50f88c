import { inspect } from 'node:util'
import fc from 'fast-check'
import { isRight, left, right } from 'fp-ts/Either'
import { authTokenProtocols } from '../../lib/protocol/auth-token.ts'
import { recording } from '../support/recordings.ts'

const PREFIX = 'base64url.bearer.phx.'

const refused = left({
  argument: 'authToken',
  message: expect.stringMatching(/use a token of letters, digits.*or long polling/) as unknown,
})

const anyToken = fc.string({ unit: 'binary', maxLength: 60 })
const standardBase64 = (token: string): string => Buffer.from(token, 'utf8').toString('base64')

describe('the sub-protocols that carry an auth token', () => {
  it.each([
    ['secret token 1', 'c2VjcmV0IHRva2VuIDE'],
    ['ab>', 'YWI+'],
    ['a', 'YQ'],
    ['', ''],
    ['ü😀', 'w7zwn5iA'],
  ])('are phoenix and the token in standard base64 without padding: %j', (token, base64) => {
    expect(authTokenProtocols(token)).toEqual(right(['phoenix', `${PREFIX}${base64}`]))
  })

  it('are those that a real server took', () => {
    const offered = recording('connect_auth_token.v2').lines.flatMap((line) =>
      line.dir === 'open' ? [(line as { 'sec-websocket-protocol'?: string })['sec-websocket-protocol']] : [],
    )
    for (const token of ['secret token 1', 'ab>']) {
      const protocols = authTokenProtocols(token)
      expect(offered).toContain(isRight(protocols) ? protocols.right.join(', ') : 'Left')
    }
  })

  it('give the token back as a server decodes it', () => {
    fc.assert(
      fc.property(
        anyToken.filter((token) => !standardBase64(token).includes('/')),
        (token) => {
          const protocols = authTokenProtocols(token)
          const [selected, bearer = ''] = isRight(protocols) ? protocols.right : []
          expect(selected).toBe('phoenix')
          expect(bearer).toMatch(/^base64url\.bearer\.phx\.[A-Za-z0-9+]*$/)
          expect(Buffer.from(bearer.slice(PREFIX.length), 'base64').toString('utf8')).toBe(token)
        },
      ),
      { numRuns: 1500 },
    )
  })

  it('do not exist if the base64 form of the token contains a slash', () => {
    fc.assert(
      fc.property(
        anyToken.filter((token) => standardBase64(token).includes('/')),
        (token) => {
          expect(authTokenProtocols(token)).toMatchObject(refused)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('can carry every token of the characters that Phoenix.Token and JWTs are made of', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_.-]*$/), (token) => {
        expect(isRight(authTokenProtocols(token))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('carry a token of 100,000 characters', () => {
    expect(authTokenProtocols('a'.repeat(100_000))).toEqual(
      right(['phoenix', `${PREFIX}${Buffer.from('a'.repeat(100_000)).toString('base64').replace(/=/g, '')}`]),
    )
  })

  it.each(['ab?', '???', 'sesame u?'])('cannot carry %j, and do not show it in the error', (token) => {
    const protocols = authTokenProtocols(token)
    expect(protocols).toMatchObject(refused)
    expect(inspect(protocols)).not.toContain(token)
  })
})
