const KEY = String.raw`"([^"]*(?:token|secret|passw|authorization|credential|api_?key|session)[^"]{0,64})"\s*:\s*`
// Each value may be cut short. As no part after the key can fail, nothing is tried twice, however long the text.
const STRING = String.raw`\\*"[^"\\]*(?:\\[^][^"\\]*)*"?`
const holding = (inner: string): string => String.raw`[[{](?:[^"[\]{}]+|${STRING}|${inner})*[\]}]?`
const CONTAINER = holding(holding(holding('(?!)')))
const SECRET = new RegExp(`${KEY}(?:${STRING}|-?\\d[\\d.e+-]*|${CONTAINER})`, 'gi')

/** Hides the values of keys that look like credentials, in a text of JSON. For traces and errors. */
export const redact = (json: string): string => json.replace(SECRET, '"$1":"[redacted]"')
