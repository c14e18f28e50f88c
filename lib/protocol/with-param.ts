import { wellFormed } from './utf8.ts'

/** `name=value`, as it stands in a query. */
export const param = (name: string, value: string): string => `${encoded(name)}=${encoded(value)}`

/** As forms write it, with a plus for a space. */
const encoded = (text: string): string => encodeURIComponent(wellFormed(text)).replace(/%20/g, '+')

/**
 * An address with a param, in place of one of the same name. As text, since the `URL` of React Native has no setters, and
 * its `URLSearchParams` lacks methods.
 */
export const withParam = (address: string, name: string, value: string): string => {
  const at = address.indexOf('?')
  const [path, query] = at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)]
  const pairs = query.split('&').filter((pair) => pair !== '')
  const isOther = (pair: string): boolean => pair.split('=')[0] !== name
  const place = pairs.findIndex((pair) => !isOther(pair))
  const written = pairs.filter(isOther)
  written.splice(place < 0 ? written.length : place, 0, param(name, value))
  return `${path}?${written.join('&')}`
}
