import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { InvalidArgument } from '../protocol/invalid-argument.ts'
import { type ServerOptions } from './server-options.ts'

/** The http server that everything comes through: our own, or the user's. */
export interface HttpListener {
  readonly http: Server
  readonly address: () => AddressInfo
  /** Our own server ends with all its connections; the user's server stays open. */
  readonly close: () => Promise<void>
}

/** Listens, unless there is a server that listens already or will. Rejects if the port is taken. */
export const httpListener = async ({
  server,
  port = 0,
  host = '127.0.0.1',
}: ServerOptions): Promise<HttpListener> => {
  const http = server ?? createServer()
  if (!server) await listen(http, port, host)
  const own = server ? undefined : http.address()
  return {
    http,
    address: () => {
      const address = own ?? http.address()
      if (address === null || typeof address === 'string')
        throw new InvalidArgument('server', address, 'the http server does not listen on a port (yet).')
      return address
    },
    close: () => (server ? Promise.resolve() : close(http)),
  }
}

const listen = (http: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, () => {
      http.off('error', reject)
      resolve()
    })
  })

const close = (http: Server): Promise<void> =>
  new Promise((resolve) => {
    http.close(() => {
      resolve()
    })
    http.closeAllConnections()
  })
