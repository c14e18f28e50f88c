// Each value may be cut short. As no part after the key can fail, nothing is tried twice, however long the text.
const STRING = String.raw`\\*"[^"\\]*(?:\\[^][^"\\]*)*"?`
const holding = (inner: string): string => String.raw`[[{](?:[^"[\]{}]+|${STRING}|${inner})*[\]}]?`
/** Eight deep; of what lies deeper the siblings that follow may show. */
const CONTAINER = Array.from('12345678').reduce(holding, '(?!)')

/** Hides the values of keys that hold one of these words (alternatives of a pattern), in a text of JSON. */
export const redactor = (words: string): ((json: string) => string) => {
  const key = String.raw`"([^"]*(?:${words})[^"]{0,64})"\s*:\s*`
  const secret = new RegExp(`${key}(?:${STRING}|-?\\d[\\d.e+-]*|${CONTAINER})`, 'gi')
  return (json) => json.replace(secret, '"$1":"[redacted]"')
}

/** Hides the values of keys that look like credentials, in a text of JSON. For traces and errors. */
export const redact: (json: string) => string = /* @__PURE__ */ redactor(
  'token|jwt|bearer|secret|passw|passphrase|authorization|credential|(?:api|private)[-_]?key|cookie|session',
)
