/** Standard base64, with padding. For short texts: all bytes become arguments of one call. */
export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
