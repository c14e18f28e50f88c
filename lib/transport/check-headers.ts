import { DEV } from '../protocol/dev.ts'
import { checked } from '../protocol/checked.ts'

/** RFC 9110: a token. */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/
/** What `fetch` and Node both take: latin-1 without control characters. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Throws `InvalidArgument` for headers that no request can carry. Their values appear in no error. */
export const checkHeaders = (argument: string, headers: Readonly<Record<string, string>> = {}): void => {
  if (!DEV) return
  checked(
    typeof headers === 'object' && (headers as unknown) !== null && !Array.isArray(headers),
    argument,
    headers,
    'pass an object of header names and values.',
  )
  for (const [name, value] of Object.entries<unknown>(headers)) {
    checked(NAME.test(name), argument, name, 'a header name consists of letters, digits and "-".')
    checked(
      typeof value === 'string' && VALUE.test(value),
      `${argument}["${name}"]`,
      '[redacted]',
      'a header value is a string without line breaks or characters beyond latin-1.',
    )
  }
}
