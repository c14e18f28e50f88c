import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Finding } from './finding.ts'

export interface Place {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly ca: Buffer | undefined
}

/** The addresses of a host, and what was found. */
export const resolve = async (host: string): Promise<{ addresses: readonly string[]; finding: Finding }> => {
  if (isIP(host) !== 0)
    return { addresses: [host], finding: { check: 'dns', verdict: 'ok', found: `${host} is an address` } }
  try {
    const addresses = (await lookup(host, { all: true })).map(({ address }) => address)
    return {
      addresses,
      finding: { check: 'dns', verdict: 'ok', found: `${host} is ${addresses.join(', ')}` },
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const finding: Finding = {
      check: 'dns',
      verdict: 'problem',
      found: `${host} has no address (${code ?? String(error)})`,
      cause:
        code === 'EAI_AGAIN' ? 'the name server did not answer' : 'the name is misspelt, or not known here',
      fix: 'check the name; if it is internal, the VPN and the name server',
    }
    return { addresses: [], finding }
  }
}

/** Whether the port takes connections, at each of the addresses. */
export const reach = async (addresses: readonly string[], place: Place): Promise<Finding> => {
  const attempts = await Promise.all(
    addresses.map(async (address) => ({ address, ...(await dial(address, place)) })),
  )
  const open = attempts.filter(({ error }) => error === undefined)
  const shut = attempts.filter(({ error }) => error !== undefined)
  const told = shut.map(({ address, error }) => `${address}: ${error ?? ''}`).join(', ')
  if (open.length === 0) {
    const refused = shut.every(({ error }) => error === 'ECONNREFUSED')
    return {
      check: 'tcp',
      verdict: 'problem',
      found: `port ${place.port} accepts no connection (${told})`,
      cause: refused
        ? 'nothing listens there'
        : 'a firewall drops the packets, or there is no route to the host',
      fix: refused
        ? 'start the server; check the port, and that it listens on this address and not on 127.0.0.1 only'
        : 'check firewalls, security groups, VPN and proxy',
    }
  }
  const found = `port ${place.port} is open (${open.map(({ address, ms }) => `${address}: ${ms.toFixed(0)} ms`).join(', ')})`
  if (shut.length === 0) return { check: 'tcp', verdict: 'ok', found }
  return {
    check: 'tcp',
    verdict: 'note',
    found: `${found}; not at ${told}`,
    cause: 'the server does not listen on all addresses of the name, often IPv4 only',
    fix: 'name the address that works, as in 127.0.0.1 for localhost, if clients are slow to connect',
  }
}

const dial = (address: string, place: Place): Promise<{ error?: string; ms: number }> => {
  const beganAt = performance.now()
  return new Promise((settle) => {
    const socket = connect({ host: address, port: place.port })
    const done = (error?: string): void => {
      socket.destroy()
      settle({ ms: performance.now() - beganAt, ...(error === undefined ? {} : { error }) })
    }
    bound(socket, place, done)
    socket.once('connect', () => {
      done()
    })
    socket.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      done(code ?? message)
    })
  })
}

const DAY_MS = 86_400_000
const SOON_DAYS = 14

/** Whether the certificate is one to trust. */
export const inspectTls = (place: Place): Promise<Finding> =>
  new Promise((settle) => {
    const socket = connectTls({
      host: place.host,
      port: place.port,
      ...(isIP(place.host) === 0 ? { servername: place.host } : {}),
      ...(place.ca ? { ca: place.ca } : {}),
      rejectUnauthorized: false, // looked at below, to say more than that it failed
    })
    const done = (finding: Omit<Finding, 'check'>): void => {
      socket.destroy()
      settle({ check: 'tls', ...finding })
    }
    bound(socket, place, (error) => {
      done({ verdict: 'problem', found: `no TLS handshake: ${error}`, ...NO_TLS })
    })
    socket.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      done({ verdict: 'problem', found: `no TLS handshake: ${code ?? message}`, ...NO_TLS })
    })
    socket.once('secureConnect', () => {
      const { valid_to: until, issuer } = socket.getPeerCertificate()
      const days = Math.floor((Date.parse(until) - Date.now()) / DAY_MS)
      const signer = String((issuer as Partial<typeof issuer> | undefined)?.CN ?? 'nobody')
      const named = `${socket.getProtocol() ?? 'TLS'}, certificate signed by ${signer}, until ${until}`
      if (!socket.authorized)
        done({ verdict: 'problem', found: named, ...untrusted(String(socket.authorizationError)) })
      else if (days < SOON_DAYS)
        done({
          verdict: 'warning',
          found: named,
          cause: `it expires in ${days} days`,
          fix: 'see why it was not renewed',
        })
      else done({ verdict: 'ok', found: named })
    })
  })

const NO_TLS = {
  cause: 'the port does not speak TLS, or no version that both sides support',
  fix: 'try ws:// in place of wss://, and check the port',
}

const untrusted = (code: string): { readonly cause: string; readonly fix: string } => {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { cause: 'the certificate has expired', fix: 'renew it; check the clock of this machine' }
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        cause: 'the certificate is for another name',
        fix: 'use the name that it was issued for, or add this one to it',
      }
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return {
        cause: 'this machine does not trust its issuer (a development certificate, or a company proxy)',
        fix: 'pass its authority with --ca (tls.ca of webSocketTransport, or NODE_EXTRA_CA_CERTS)',
      }
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return {
        cause: 'the server does not send its intermediate certificate; browsers may hide that',
        fix: 'configure the full chain on the server',
      }
    default:
      return { cause: `the certificate is not trusted: ${code}`, fix: 'see the certificate of the server' }
  }
}

const bound = (socket: Socket, { timeoutMs, signal }: Place, done: (error: string) => void): void => {
  socket.setTimeout(timeoutMs, () => {
    done('ETIMEDOUT')
  })
  signal.addEventListener('abort', () => {
    done('stopped')
  })
}
