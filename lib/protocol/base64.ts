/** Standard base64, with padding. */
export const toBase64 = (bytes: Uint8Array): string =>
  // One by one: all as arguments of one call would be too many for a long text.
  btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''))
