import fc from 'fast-check'
import { fromUtf8, toUtf8, utf8Length } from '../../lib/protocol/utf8.ts'

/** Any text, halves of surrogate pairs included, of which Node makes U+FFFD as well. */
const text = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) })
const unicode = fc.string({ unit: 'binary', maxLength: 40 })

describe('texts as bytes', () => {
  it('are UTF-8, as Node encodes it', () => {
    fc.assert(
      fc.property(fc.oneof(text, unicode), (any) => {
        expect(Buffer.from(toUtf8(any), 'latin1')).toEqual(Buffer.from(any))
        expect(utf8Length(any)).toBe(Buffer.byteLength(any))
      }),
      { numRuns: 1000 },
    )
  })

  it.each(['', 'room:a', '100%', '%41', 'ü😀', '\uFEFFa', '\0\x7f\x80'])(
    'are read as they were: %j',
    (any) => {
      const bytes = Uint8Array.from(Buffer.from(`<${toUtf8(any)}>`, 'latin1'))
      expect(fromUtf8(bytes, 1, bytes.length - 1)).toBe(any)
    },
  )

  it('are U+FFFD where they are not UTF-8', () => {
    for (const bytes of [[0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]])
      expect(fromUtf8(Uint8Array.from(bytes), 0, bytes.length)).toBe('\uFFFD')
  })
})
