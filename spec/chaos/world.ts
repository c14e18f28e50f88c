import { request } from 'node:http'
import { startContractApp } from '../contract-app/index.ts'

/** The server under which a run takes place, and the topics of the run. */
export interface World {
  /** `ws://host:port`, without a proxy. */
  readonly url: string
  readonly port: number
  readonly rooms: readonly string[]
  readonly presence: string
  /** Each client has one of its own that begins so. */
  readonly live: string
  /** Calls a control of the contract app. */
  ctl(path: string): Promise<Readonly<Record<string, unknown>>>
  close(): Promise<void>
}

/** The embedded server, or the one that `PHOENIX_URL` names, which has the same channels. */
export const world = async (given: string | undefined = process.env['PHOENIX_URL']): Promise<World> => {
  const app = given === undefined ? await startContractApp() : undefined
  const url = (app?.url ?? given ?? '').replace(/\/+$/, '')
  const run = `${process.pid}-${Date.now().toString(36)}`
  return {
    url,
    port: Number(new URL(url).port || 80),
    rooms: ['a', 'b', 'c'].map((name) => `room:chaos-${run}-${name}`),
    presence: `presence:chaos-${run}`,
    live: `todos:chaos-${run}`,
    ctl: (path) => post(`${url.replace(/^ws/, 'http')}/ctl/${path}`),
    close: async () => {
      await app?.close()
    },
  }
}

/** Over a connection of its own, which is closed: one that is kept would count among what is left behind. */
const post = (url: string): Promise<Readonly<Record<string, unknown>>> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part: string) => (body += part))
      response.on('end', () => {
        resolve(JSON.parse(body) as Readonly<Record<string, unknown>>)
      })
    })
    sent.on('error', reject)
    sent.end('{}')
  })
