/** The length of a text in UTF-8, in bytes. Encoding it would also give the length, but copies every frame. */
export const utf8Length = (text: string): number => {
  let bytes = text.length
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else {
      // Four bytes for a pair of surrogates, which are two units; three for anything else, also for half a pair.
      bytes += 2
      if (isPair(unit, text.charCodeAt(i + 1))) i += 1
    }
  }
  return bytes
}

const isPair = (high: number, low: number): boolean =>
  high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000
