import { startContractApp } from '../../contract-app/index.ts'

/** The server under test: the embedded one, or the one that `PHOENIX_URL` names. */
export interface ContractServer {
  /** `ws://host:port`, without the path of a socket. */
  readonly url: string
  /** Calls a control of the contract app and gives its answer. */
  ctl(path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>>
  close(): Promise<void>
}

/** Starts the embedded server, unless there is one already. */
export const contractServer = async (): Promise<ContractServer> => {
  const given = process.env['PHOENIX_URL']
  if (given !== undefined)
    return { url: given.replace(/\/+$/, ''), ctl: controlsOf(given), close: () => Promise.resolve() }
  const app = await startContractApp()
  return { url: app.url, ctl: controlsOf(app.url), close: () => app.close() }
}

const controlsOf =
  (url: string): ContractServer['ctl'] =>
  async (path, body) => {
    const response = await fetch(`${url.replace(/^ws/, 'http').replace(/\/+$/, '')}/ctl/${path}`, {
      method: 'POST',
      body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body ?? {}),
    })
    if (!response.ok) throw new Error(`/ctl/${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Readonly<Record<string, unknown>>
  }

let topics = 0

/** A topic that no other test uses, also not on a server that lives longer than the suite. */
export const freshTopic = (): string => `room:${process.pid}-${Date.now().toString(36)}-${++topics}`

/** A user that no other test is, so that controls reach one connection. */
export const freshUser = (): string => freshTopic().replace('room:', 'user-')
