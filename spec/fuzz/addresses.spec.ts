import { isRight } from 'fp-ts/Either'
import { authTokenProtocols } from '../../lib/protocol/auth-token.ts'
import { endpointUrl, type Params } from '../../lib/protocol/endpoint-url.ts'
import { withoutSecrets } from '../../lib/protocol/invalid-argument.ts'
import { queryParams } from '../../lib/server/query-params.ts'
import { anyJson, mutateText } from './mutate.ts'
import { inputs, Random, SEED } from './random.ts'

const ADDRESSES = [
  'wss://example.com/socket',
  'ws://user:pass@localhost:4000/socket/websocket?token=1#x',
  '/socket',
  'https://[::1]:80/a/longpoll/',
  'ws://xn--nxasmq6b/%F0%9F/..//socket?a[b]=1&l[]=2',
]
const NAMES = ['a', 'vsn', 'token', '__proto__', 'a[b]', '', '%', 'é', '\ud800', '&', '=', '[]']

describe(`addresses and tokens of any kind (FUZZ_SEED=${SEED})`, () => {
  it('give a URL that says the version, or why not', () => {
    const random = new Random(SEED)
    let given = 0
    for (let i = inputs(60_000); i > 0; i--) {
      const mountPoint = mutateText(random, random.of(ADDRESSES), random.of(ADDRESSES))
      const params = anyJson(random, NAMES) as Params | string | null
      const path = random.of(['websocket', 'longpoll'] as const)
      const base = random.of([undefined, 'https://example.com/page', 'about:blank'])
      const url = endpointUrl(mountPoint, {
        path,
        params: typeof params === 'object' && params !== null ? params : {},
        vsn: '2.0.0',
        base,
      })
      if (typeof withoutSecrets(mountPoint) !== 'string') throw new Error(mountPoint)
      if (!isRight(url)) continue
      given += 1
      const { searchParams, pathname, protocol, hash } = new URL(url.right)
      if (
        searchParams.getAll('vsn').join() !== '2.0.0' ||
        !pathname.endsWith(`/${path}`) ||
        hash !== '' ||
        !/^(ws|http)s?:$/.test(protocol)
      )
        throw new Error(`${mountPoint} gave ${url.right}`)
      queryParams(searchParams)
    }
    expect(given).toBeGreaterThan(inputs(60_000) / 3)
  }, 120_000)

  it('a token travels in characters that a header allows, and comes out as it went in', () => {
    const random = new Random(SEED)
    let carried = 0
    for (let i = inputs(60_000); i > 0; i--) {
      const token = Array.from({ length: random.below(40) }, () =>
        String.fromCharCode(random.below(random.of([0x7f, 0x7ff, 0x10000]))),
      ).join('')
      const protocols = authTokenProtocols(token)
      if (!isRight(protocols)) continue
      carried += 1
      const [, protocol] = protocols.right
      const text = Buffer.from(protocol.replace('base64url.bearer.phx.', ''), 'base64').toString()
      if (!/^[\w.+-]+$/.test(protocol) || text !== Buffer.from(token).toString())
        throw new Error(JSON.stringify(token))
    }
    expect(carried).toBeGreaterThan(inputs(60_000) / 4)
  }, 120_000)

  it('a token of any length is accepted or rejected', () => {
    for (const length of [1_000, 100_000, 1_000_000])
      expect(isRight(authTokenProtocols('a'.repeat(length)))).toBe(true)
  })
})
