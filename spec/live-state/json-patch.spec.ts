import { applyPatch } from '../../lib/live-state/json-patch.ts'
import { frozen } from '../presence/support.ts'

type Case = readonly [title: string, document: unknown, patch: unknown, result: unknown]
type Failure = readonly [title: string, document: unknown, patch: unknown, reason: string]

const apply = (document: unknown, patch: unknown): unknown => {
  const result = applyPatch(frozen(document), frozen(patch))
  if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
  return result.right
}

const add = (path: string, value: unknown): object => ({ op: 'add', path, value })
const replace = (path: string, value: unknown): object => ({ op: 'replace', path, value })
const remove = (path: string): object => ({ op: 'remove', path })
const test = (path: string, value: unknown): object => ({ op: 'test', path, value })
const move = (from: string, path: string): object => ({ op: 'move', from, path })
const copy = (from: string, path: string): object => ({ op: 'copy', from, path })

// After the cases of RFC 6902, appendix A, and of the public test suite of JSON Patch.
describe('applyPatch', () => {
  it.each<Case>([
    ['an empty list', { foo: 1 }, [], { foo: 1 }],
    ['add a member', { foo: 'bar' }, [add('/baz', 'qux')], { foo: 'bar', baz: 'qux' }],
    ['add in place of a member', { foo: 1 }, [add('/foo', null)], { foo: null }],
    ['add a member named ""', {}, [add('/', 1)], { '': 1 }],
    ['add below a member named ""', { '': {} }, [add('//', 1)], { '': { '': 1 } }],
    ['add a number as a key', {}, [add('/0', 'x')], { 0: 'x' }],
    ['add at the head of a list', ['b'], [add('/0', 'a')], ['a', 'b']],
    ['add in a list', ['a', 'c'], [add('/1', 'b')], ['a', 'b', 'c']],
    ['add at the end by index', ['a'], [add('/1', 'b')], ['a', 'b']],
    ['add at the end by -', [1], [add('/-', { x: [2] })], [1, { x: [2] }]],
    ['add a list as one item', ['a'], [add('/1', ['b', 'c'])], ['a', ['b', 'c']]],
    ['add deep inside', [1, [2, [3]]], [add('/1/1/-', 4)], [1, [2, [3, 4]]]],
    ['add - as a key', { a: {} }, [add('/a/-', 1)], { a: { '-': 1 } }],
    ['add the whole', { foo: 1 }, [add('', ['new'])], ['new']],
    ['add a false, a null', {}, [add('/f', false), add('/n', null)], { f: false, n: null }],
    ['remove a member', { foo: 1, bar: [1] }, [remove('/bar')], { foo: 1 }],
    ['remove a null', { a: null }, [remove('/a')], {}],
    ['remove an item', ['a', 'b', 'c'], [remove('/1')], ['a', 'c']],
    ['remove deep inside', { a: [{ b: 1, c: 2 }] }, [remove('/a/0/b')], { a: [{ c: 2 }] }],
    ['remove the whole', { a: 1 }, [remove('')], null],
    ['remove from the end on', [1, 2, 3], [remove('/2'), remove('/1')], [1]],
    ['replace a member', { a: 1, b: 2 }, [replace('/a', [3])], { a: [3], b: 2 }],
    ['replace an item', ['a', 'b'], [replace('/1', { c: 1 })], ['a', { c: 1 }]],
    ['replace what is null', { a: null }, [replace('/a', 'x')], { a: 'x' }],
    ['replace the whole', { a: 1 }, [replace('', 'scalar')], 'scalar'],
    [
      'move a member',
      { foo: { a: 1, b: 2 }, bar: {} },
      [move('/foo/a', '/bar/c')],
      { foo: { b: 2 }, bar: { c: 1 } },
    ],
    ['move an item', ['a', 'b', 'c', 'd'], [move('/1', '/3')], ['a', 'c', 'd', 'b']],
    ['move onto itself', { a: 1 }, [move('/a', '/a')], { a: 1 }],
    ['move up to the root', { a: { b: 1 } }, [move('/a', '')], { b: 1 }],
    ['move to a place whose name begins alike', { a: 1, ab: {} }, [move('/a', '/ab/c')], { ab: { c: 1 } }],
    ['copy a member', { a: { b: 1 } }, [copy('/a', '/c')], { a: { b: 1 }, c: { b: 1 } }],
    ['copy an item', [1, 2], [copy('/0', '/-')], [1, 2, 1]],
    ['copy a null', { a: null }, [copy('/a', '/b')], { a: null, b: null }],
    ['copy into itself', { a: { b: 1 } }, [copy('/a', '/a/c')], { a: { b: 1, c: { b: 1 } } }],
    [
      'test, whatever the order of keys',
      { a: { x: 1, y: [2] } },
      [test('/a', { y: [2], x: 1 })],
      { a: { x: 1, y: [2] } },
    ],
    ['test the whole', [1], [test('', [1])], [1]],
    ['test a null', { a: null }, [test('/a', null)], { a: null }],
    ['test a float', { a: 1 }, [test('/a', 1.0)], { a: 1 }],
    ['~1 for / and ~0 for ~', { '/': 9, '~1': 10 }, [test('/~01', 10), remove('/~1')], { '~1': 10 }],
    ['odd keys', { 'c%d': 2, 'k"l': 6, ' ': 7 }, [remove('/c%d'), remove('/k"l'), remove('/ ')], {}],
    ['members that mean nothing', { a: 1 }, [{ ...add('/b', 2), xyz: 1, from: 7 }], { a: 1, b: 2 }],
    [
      'operations in their order',
      { a: [] },
      [add('/a/-', 1), test('/a/0', 1), replace('/a/0', 2)],
      { a: [2] },
    ],
    ['a key that objects inherit', {}, [add('/toString', 1)], { toString: 1 }],
  ])('applies an operation as RFC 6902 says: %s', (_title, document, patch, result) => {
    expect(apply(document, patch)).toEqual(result)
  })

  it.each<Failure>([
    ['no list', {}, { op: 'add' }, 'a patch must be a list'],
    ['no object', {}, ['add'], 'an operation must be an object'],
    ['an unknown operation', {}, [{ op: 'spam', path: '' }], 'no such operation'],
    ['no operation', {}, [{ path: '/a', value: 1 }], 'no such operation'],
    ['an inherited operation', {}, [{ op: 'toString', path: '/a' }], 'no such operation'],
    ['no path', {}, [{ op: 'add', value: 1 }], 'a path must be a string'],
    ['a path that is null', {}, [{ op: 'remove', path: null }], 'a path must be a string'],
    ['a path that does not begin with /', { a: 1 }, [remove('a')], 'a path must be empty or begin with "/"'],
    ['a fragment', { a: 1 }, [remove('#/a')], 'a path must be empty or begin with "/"'],
    ['a bad escape', { 'a~2': 1 }, [remove('/a~2')], 'in a path, "~" must be followed by 0 or 1'],
    ['a ~ at the end', { 'a~': 1 }, [remove('/a~')], 'in a path, "~" must be followed by 0 or 1'],
    ['add without a value', {}, [{ op: 'add', path: '/a' }], 'a value is missing'],
    ['replace without a value', { a: 1 }, [{ op: 'replace', path: '/a' }], 'a value is missing'],
    ['test without a value', { a: 1 }, [{ op: 'test', path: '/a' }], 'a value is missing'],
    ['copy without from', { a: 1 }, [{ op: 'copy', path: '/a' }], 'a path must be a string'],
    ['add below nothing', {}, [add('/a/b', 1)], 'nothing there'],
    ['add below a scalar', { a: 1 }, [add('/a/b', 1)], 'nothing there'],
    ['add below a null', { a: null }, [add('/a/b', 1)], 'nothing there'],
    ['add below a text', { a: 'text' }, [add('/a/0', 1)], 'nothing there'],
    ['add beyond the end', [1], [add('/2', 1)], 'no such index'],
    ['add at -1', [1], [add('/-1', 1)], 'no such index'],
    ['add at 01', [1, 2], [add('/01', 1)], 'no such index'],
    ['add at 1e0', [1, 2], [add('/1e0', 1)], 'no such index'],
    ['add at a name', [1], [add('/length', 1)], 'no such index'],
    ['remove what is not there', { a: 1 }, [remove('/b')], 'nothing to remove'],
    ['remove an index beyond the end', [1], [remove('/1')], 'nothing to remove'],
    ['remove -', [1], [remove('/-')], 'nothing to remove'],
    ['remove at 00', [1], [remove('/00')], 'nothing to remove'],
    ['replace what is not there', {}, [replace('/a', 1)], 'nothing to replace'],
    ['replace the end', [1], [replace('/1', 1)], 'nothing to replace'],
    ['replace what is inherited', {}, [replace('/toString', 1)], 'nothing to replace'],
    ['move what is not there', {}, [move('/a', '/b')], 'nothing there'],
    ['move into itself', { a: { b: {} } }, [move('/a', '/a/b/c')], 'a value cannot be moved into itself'],
    ['copy from -', [1], [copy('/-', '/0')], 'nothing there'],
    ['copy what is inherited', {}, [copy('/toString', '/a')], 'nothing there'],
    ['test another value', { a: 1 }, [test('/a', 2)], 'the value is another one'],
    ['test a text for a number', { a: 1 }, [test('/a', '1')], 'the value is another one'],
    ['test a list for an object', { a: [] }, [test('/a', {})], 'the value is another one'],
    ['test one key too few', { a: { b: 1, c: 1 } }, [test('/a', { b: 1 })], 'the value is another one'],
    ['test another key', { a: { b: 1 } }, [test('/a', { c: 1 })], 'the value is another one'],
    ['test an inherited key', { a: { b: 1 } }, [test('/a', { toString: 1 })], 'the value is another one'],
    ['test what is not there', {}, [test('/a', null)], 'nothing there'],
  ])('refuses: %s', (_title, document, patch, reason) => {
    expect(applyPatch(frozen(document), patch)).toMatchObject({
      _tag: 'Left',
      left: { _tag: 'PatchFailed', reason },
    })
  })

  it('reports which operation failed, and applies none of the others', () => {
    const document = { a: 1 }
    expect(applyPatch(document, [add('/b', 1), remove('/c'), add('/d', 1)])).toEqual({
      _tag: 'Left',
      left: { _tag: 'PatchFailed', index: 1, operation: remove('/c'), reason: 'nothing to remove' },
    })
    expect(document).toEqual({ a: 1 })
  })
})
