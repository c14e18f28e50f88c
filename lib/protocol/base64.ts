/** Standard base64, with padding. */
export const toBase64 = (bytes: Uint8Array): string => {
  let text = ''
  // One by one: all as arguments of one call would be too many for a long text.
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
