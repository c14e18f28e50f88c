import { valueAt } from '../../lib/cli/value-at.ts'

describe('valueAt', () => {
  it.each([
    ['a key', 'id', { id: 7 }, 7],
    ['a key that is not there', 'id', {}, undefined],
    ['a key of what is no object', 'id', 'text', undefined],
    ['a key that every object has', 'toString', {}, undefined],
    ['a pointer', '/meta/seq', { meta: { seq: 3 } }, 3],
    ['a pointer into a list', '/ids/1', { ids: [1, 2] }, 2],
    ['a pointer with escapes', '/a~1b/~0', { 'a/b': { '~': 1 } }, 1],
    ['a pointer to nothing', '/meta/seq', { meta: null }, undefined],
  ])('reads %s', (_what, place, payload, value) => {
    expect(valueAt(place)(payload)).toBe(value)
  })
})
