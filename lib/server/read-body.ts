import { type IncomingMessage } from 'node:http'

/** As `Plug.Conn.read_body`, in bytes. */
const MAX_BODY_BYTES = 8_000_000

/** The whole body of a request; undefined if it is too large. Rejects if the client disconnects in the middle of it. */
export const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const parts: Buffer[] = []
  let byteLength = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    byteLength += part.byteLength
    if (byteLength > MAX_BODY_BYTES) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}
