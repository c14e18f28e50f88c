/**
 * A step through the value of a key: a text, which in JSON within JSON begins with backslashes, a word or number, or one
 * other character. Each may be cut short, and none can fail, so nothing is tried twice, however long the text.
 */
const STEP = /\\*"[^"\\]*(?:\\[^][^"\\]*)*"?|[\w.+-]+|[^]/y

/** Where the value that begins there ends, however deep it is. */
const endOfValue = (json: string, from: number): number => {
  let depth = 0
  STEP.lastIndex = from
  do {
    const step = STEP.exec(json)
    if (!step) return json.length
    if ('[{'.includes(step[0])) depth += 1
    else if (']}'.includes(step[0])) depth -= 1
  } while (depth > 0)
  return STEP.lastIndex
}

/** Hides the values of keys that hold one of these words (alternatives of a pattern), in a text of JSON. */
export const redactor = (words: string): ((json: string) => string) => {
  const key = new RegExp(`"[^"]*(?:${words})[^"]{0,64}"\\s*:\\s*(?=\\\\*["[{\\d-])`, 'gi')
  return (json) => {
    let shown = ''
    let end = 0
    while (key.test(json)) {
      shown += `${json.slice(end, key.lastIndex)}"[redacted]"`
      // On behind the value: a key within it is hidden already.
      end = key.lastIndex = endOfValue(json, key.lastIndex)
    }
    return shown + json.slice(end)
  }
}

/** Hides the values of keys that look like credentials, in a text of JSON. For traces and errors. */
export const redact: (json: string) => string = /* @__PURE__ */ redactor(
  'token|jwt|bearer|secret|passw|passphrase|authorization|credential|(?:api|private)[-_]?key|cookie|session',
)
