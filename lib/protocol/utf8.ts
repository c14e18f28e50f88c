let encoder: TextEncoder | undefined
let decoder: TextDecoder | undefined

/** The bytes of a text. The encoder is made at first use: jsdom has none, nor has React Native of some versions. */
export const toUtf8 = (text: string): Uint8Array => {
  if (typeof TextEncoder !== 'undefined') return (encoder ??= new TextEncoder()).encode(text)
  const escaped = encodeURIComponent(wellFormed(text))
  const bytes = escaped.match(/%..|[^%]/g) ?? []
  return Uint8Array.from(bytes, (byte) =>
    byte.length > 1 ? parseInt(byte.slice(1), 16) : byte.charCodeAt(0),
  )
}

/** The text of bytes; what is not UTF-8 becomes U+FFFD where the platform has a decoder, and the whole of it where not. */
export const fromUtf8 = (bytes: Uint8Array): string => {
  // A byte order mark is a character like any other here; by default it would vanish from the start of a name.
  if (typeof TextDecoder !== 'undefined')
    return (decoder ??= new TextDecoder('utf-8', { ignoreBOM: true })).decode(bytes)
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
  } catch {
    return '\uFFFD'
  }
}

/** Halves of a surrogate pair have no form in UTF-8. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD')
