/*
 * UTF-8 by way of the escapes of URLs, which every engine has: jsdom has no TextEncoder and no TextDecoder, nor has React
 * Native of some versions. For names of a few characters it takes no longer than those take on Node.
 */

/** The bytes of a text, each as a character of that code, as `btoa` takes them. */
export const toUtf8 = (text: string): string =>
  escaped(text).replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))

/** The text of bytes; U+FFFD if they are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array, from: number, end: number): string => {
  let text = ''
  for (let i = from; i < end; i++) {
    const byte = bytes[i] ?? 0
    text += byte > 127 || byte === PERCENT ? `%${byte.toString(16)}` : String.fromCharCode(byte)
  }
  try {
    // Names are nearly always ASCII, and to look is a third of the time.
    return text.includes('%') ? decodeURIComponent(text) : text
  } catch {
    return '\uFFFD'
  }
}

const PERCENT = 0x25

/** As in a URL. Halves of a surrogate pair have no form in UTF-8. */
export const escaped = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'))

/** How many bytes of UTF-8 a text has, however long it is. */
export const utf8Length = (text: string): number => {
  let length = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}
