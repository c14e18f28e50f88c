import { phoenixServer, type PhoenixServer, type Trace } from '../../lib/server/index.ts'
import { controlRequests } from './controls.ts'
import { contractSockets } from './sockets.ts'

export interface ContractApp {
  /** `ws://host:port`, without the path of a socket. */
  readonly url: string
  /** `http://host:port`, where the controls are. */
  readonly httpUrl: string
  readonly port: number
  readonly server: PhoenixServer
  close(): Promise<void>
}

/** Starts the app of the contract on the embedded server. Silent unless a trace is given. */
export const startContractApp = async (
  options: { port?: number; trace?: Trace } = {},
): Promise<ContractApp> => {
  const { port = 0, trace = () => undefined } = options
  const state = contractSockets()
  const server: PhoenixServer = await phoenixServer({
    port,
    trace,
    sockets: state.sockets,
    request: controlRequests(() => server, state),
  })
  return {
    url: server.url,
    httpUrl: server.url.replace(/^ws/, 'http'),
    port: server.port,
    server,
    close: () => server.close(),
  }
}
