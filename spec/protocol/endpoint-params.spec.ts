import fc from 'fast-check'
import { isRight } from 'fp-ts/Either'
import { endpointUrl, type Params, type ParamValue } from '../../lib/protocol/endpoint-url.ts'
import { plugQuery, type Plugged } from '../support/plug-query.ts'
import { recording } from '../support/recordings.ts'

const queryOf = (mountPoint: string, params: Params): string => {
  const url = endpointUrl(mountPoint, { path: 'websocket', params, vsn: '2.0.0' })
  return isRight(url) ? new URL(url.right).search : `Left: ${url.left.message}`
}

/** What a server is meant to see of a value: texts; lists of more than texts by their indices; nothing of nothing. */
const seen = (value: ParamValue): Plugged | undefined => {
  if (value === null || value === undefined) return undefined
  if (typeof value !== 'object') return String(value)
  const isFlat = (list: readonly ParamValue[]): boolean =>
    list.every((item) => typeof item !== 'object' || item === null)
  if (Array.isArray(value) && isFlat(value as readonly ParamValue[])) {
    const texts = (value as readonly ParamValue[]).flatMap((item) =>
      item == null ? [] : [`${item as number}`],
    )
    return texts.length === 0 ? undefined : texts
  }
  const entries = Object.entries(value).flatMap(([key, inner]: [string, ParamValue]) => {
    const plugged = seen(inner)
    return plugged === undefined ? [] : [[key, plugged] as const]
  })
  return entries.length === 0 ? undefined : new Map(entries)
}

const key = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 8 })
  .filter((name) => !/[[\]]/.test(name) && name !== 'vsn')

const { params } = fc.letrec<{ value: ParamValue; params: Params }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.double({ noNaN: false }),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('params'),
  ),
  params: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
}))

const sorted = (value: Plugged | undefined): unknown =>
  value instanceof Map
    ? ['map', [...value].map(([name, inner]: [string, Plugged]) => [name, sorted(inner)]).sort()]
    : value

describe('the params in the URL of an endpoint', () => {
  it('reach a Plug server as they were, all values as text', () => {
    fc.assert(
      fc.property(params, (given) => {
        const expected = new Map(seen(given) as ReadonlyMap<string, Plugged> | undefined).set('vsn', '2.0.0')
        expect(sorted(plugQuery(queryOf('ws://h/s', given)))).toEqual(sorted(expected))
      }),
      { numRuns: 1000 },
    )
  })

  it.each<[string, Params, string]>([
    ['nested objects', { a: { b: { c: 1 } } }, 'a[b][c]=1'],
    ['lists', { l: ['x', 2, true] }, 'l[]=x&l[]=2&l[]=true'],
    ['lists in objects', { a: { l: [1, 2] } }, 'a[l][]=1&a[l][]=2'],
    ['lists of objects', { l: [{ a: 1, b: 2 }, { a: 3 }] }, 'l[0][a]=1&l[0][b]=2&l[1][a]=3'],
    ['lists of lists', { l: [[1, 2], [3]] }, 'l[0][]=1&l[0][]=2&l[1][]=3'],
    ['lists of both', { l: [1, { a: 2 }] }, 'l[0]=1&l[1][a]=2'],
    ['empty texts', { a: '' }, 'a='],
    ['empty lists and objects, which leave no trace', { a: [], b: {}, c: { d: [] } }, ''],
    ['characters that have a meaning in queries', { 'a&b': '=?#%+ /' }, 'a%26b=%3D%3F%23%25%2B+%2F'],
    ['characters beyond ASCII', { ü: '😀' }, '%C3%BC=%F0%9F%98%80'],
  ])('have room for %s', (_what, given, expected) => {
    const brackets = (query: string): string => query.replaceAll('%5B', '[').replaceAll('%5D', ']')
    expect(brackets(queryOf('ws://h/s', given))).toBe(`?${expected}${expected && '&'}vsn=2.0.0`)
  })

  it('leave out null and undefined, also in lists', () => {
    const given = { a: null, b: undefined, l: [1, null, undefined, 2] } as unknown as Params
    expect(plugQuery(queryOf('ws://h/s', given))).toEqual(
      new Map<string, unknown>([
        ['l', ['1', '2']],
        ['vsn', '2.0.0'],
      ]),
    )
  })

  it('win over a query of the mount point that names them', () => {
    expect(plugQuery(queryOf('ws://h/s?a=1&b=2', { a: 3 }))).toEqual(
      new Map([
        ['a', '3'],
        ['b', '2'],
        ['vsn', '2.0.0'],
      ]),
    )
  })

  it('may hold a key __proto__, which is a key like any other and pollutes nothing', () => {
    const given = JSON.parse('{"__proto__":{"polluted":"yes"},"a":{"__proto__":"x"}}') as Params
    const query = queryOf('ws://h/s?__proto__[x]=1', given)
    expect(decodeURIComponent(query)).toBe('?__proto__[x]=1&__proto__[polluted]=yes&a[__proto__]=x&vsn=2.0.0')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('are those that a real server saw', () => {
    const { lines } = recording('connect_params.v2')
    const opened = lines.find(({ dir }) => dir === 'open')?.path ?? ''
    const given = { user_id: 'pat', a: { b: 1, c: 'x y' }, list: [1, 2], sp: ' &' }
    expect(plugQuery(queryOf('ws://h/socket', given))).toEqual(plugQuery(new URL(opened, 'ws://h').search))
  })
})
