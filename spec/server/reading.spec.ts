import { isLeft, isRight } from 'fp-ts/Either'
import { negotiate } from '../../lib/server/offered-protocols.ts'
import { queryParams } from '../../lib/server/query-params.ts'
import { serializerFor } from '../../lib/server/server-serializer.ts'
import { topicMatcher } from '../../lib/server/topic-pattern.ts'

describe('queryParams', () => {
  it.each([
    ['', {}],
    ['a=1&b=x+y&c=%20%26&d', { a: '1', b: 'x y', c: ' &', d: '' }],
    ['a=1&a=2', { a: '2' }],
    ['a[b]=1&a[c][d]=2', { a: { b: '1', c: { d: '2' } } }],
    ['l[]=1&l[]=2', { l: ['1', '2'] }],
    ['l[][a]=1&l[][a]=2', { l: [{ a: '1' }, { a: '2' }] }],
    ['a=1&a[b]=2', { a: { b: '2' } }],
    ['a[b]=1&a=2', { a: '2' }],
    ['a[b=1&c]=2', { 'a[b': '1', 'c]': '2' }],
    ['[]=1', { '[]': '1' }],
    ['__proto__=1&a[__proto__]=2&a[b]=3', { a: { b: '3' } }],
  ])('reads %s', (query, params) => {
    expect(JSON.parse(JSON.stringify(queryParams(query)))).toEqual(params)
  })
})

describe('topicMatcher', () => {
  const find = topicMatcher({ plain: 1, 'room:vip': 2, 'room:*': 3, 'room:late': 4, '*': 5 })
  it.each([
    ['plain', 1],
    ['room:vip', 2],
    ['room:any', 3],
    ['room:', 3],
    ['room:late', 3],
    ['else', 5],
    ['', 5],
  ])('finds for %j the first that matches', (topic, found) => {
    expect(find(topic)).toBe(found)
  })

  it('finds nothing where nothing is mounted, names of object methods among it', () => {
    const none = topicMatcher({ 'room:*': 1 })
    expect(['room', 'toString', '__proto__'].map(none)).toEqual([undefined, undefined, undefined])
  })
})

describe('serializerFor', () => {
  it.each([
    [undefined, '1.0.0'],
    ['1.0.0', '1.0.0'],
    ['1.0.9', '1.0.0'],
    ['2.0.0', '2.0.0'],
    ['2.0.1', '2.0.0'],
    ['2.1.0', undefined],
    ['2', undefined],
    ['3.0.0', undefined],
    ['', undefined],
    [['2.0.0'], undefined],
  ])('answers vsn %j with %s', (vsn, answer) => {
    expect(serializerFor(vsn)?.vsn).toBe(answer)
  })
})

describe('negotiate', () => {
  const open = { authToken: true, demanded: [] }
  it.each([
    [undefined, open, undefined, null],
    ['phoenix', open, 'phoenix', null],
    ['phoenix, base64url.bearer.phx.YWI+', open, 'phoenix', 'ab>'],
    ['phoenix,base64url.bearer.phx.YQ==', open, 'phoenix', 'a'],
    ['base64url.bearer.phx.dG9r', open, undefined, 'tok'],
    ['phoenix, base64url.bearer.phx.dG9r', { authToken: false, demanded: [] }, undefined, null],
    [undefined, { authToken: false, demanded: ['my.proto'] }, undefined, null],
    ['', { authToken: true, demanded: ['my.proto'] }, undefined, null],
    ['other, my.proto', { authToken: false, demanded: ['my.proto'] }, 'my.proto', null],
  ])('reads %j', (header, options, selected, authToken) => {
    const result = negotiate(header, options)
    expect(isRight(result) && result.right).toEqual({ selected, authToken })
  })

  it.each([
    ['phoenix, base64url.bearer.phx.YWI-', open, 'TokenNotDecodable'],
    ['phoenix, base64url.bearer.phx.!!!', open, 'TokenNotDecodable'],
    ['other', { authToken: false, demanded: ['my.proto'] }, 'SubprotocolMissing'],
    ['phoenix', { authToken: false, demanded: ['my.proto'] }, 'SubprotocolMissing'],
  ])('rejects %j', (header, options, error) => {
    const result = negotiate(header, options)
    expect(isLeft(result) && result.left).toBe(error)
  })
})
