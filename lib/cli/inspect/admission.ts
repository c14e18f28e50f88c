import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type IncomingMessage } from 'node:http'

/** A path that cannot be guessed, new each time. */
export const secretPath = (): string => `/${randomBytes(24).toString('base64url')}`

/**
 * Whether a request is one of our page: it has the secret path; it names this machine as its host, so that no other name
 * leads here (DNS rebinding); and it comes from no page of another origin. What changes something has to name its origin,
 * as browsers do for each POST, and to be JSON, which no form of another page can send.
 */
export const admits = (
  { method, url = '', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  path: string,
  port: number,
): boolean => {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const { host = '', origin } = headers
  if (!hosts.includes(host) || !isSame(url.slice(0, path.length), path) || url[path.length] !== '/')
    return false
  const isOwn = hosts.some((each) => origin === `http://${each}`)
  if (origin !== undefined && !isOwn) return false
  return method === 'GET' || (method === 'POST' && isOwn && headers['content-type'] === 'application/json')
}

const isSame = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
