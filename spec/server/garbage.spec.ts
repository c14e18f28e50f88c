import fc from 'fast-check'
import { type RawClient, rawClient, reply } from './raw-client.ts'
import { type ContractApp, startContractApp } from '../contract-app/index.ts'

const text = fc.oneof(
  fc.string(),
  fc.json(),
  // Nearly a message, in both versions.
  fc
    .tuple(
      fc.jsonValue(),
      fc.jsonValue(),
      fc.constantFrom('room:a', 'phoenix', 'presence:a', ''),
      fc.constantFrom('phx_join', 'phx_leave', 'echo', 'heartbeat', '__proto__', 'track', 'flood'),
      fc.jsonValue(),
    )
    .map((parts) => JSON.stringify(parts)),
  fc
    .record({ topic: fc.jsonValue(), event: fc.jsonValue(), payload: fc.jsonValue(), ref: fc.jsonValue() })
    .map((message) => JSON.stringify(message)),
)
const frame = fc.oneof(text, fc.uint8Array({ maxLength: 40 }))

describe('garbage of every kind', () => {
  let app: ContractApp | undefined
  afterEach(() => app?.close())

  it('ends at most its own connection', async () => {
    app = await startContractApp()
    const { url } = app
    const witness = await rawClient(`${url}/socket/websocket?vsn=2.0.0`)
    const connected = async (vsn: string): Promise<RawClient> => {
      const client = await rawClient(`${url}/socket/websocket?vsn=${vsn}`)
      client.send(
        vsn === '2.0.0'
          ? ['1', '1', 'room:a', 'phx_join', {}]
          : '{"topic":"room:a","event":"phx_join","payload":{},"ref":"1"}',
      )
      return client
    }
    let ref = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('1.0.0', '2.0.0'),
        fc.array(frame, { maxLength: 5 }),
        async (vsn, frames) => {
          const client = await connected(vsn)
          for (const garbage of frames) client.send(garbage)
          client.ws.close()
          await client.closed
          ref += 1
          witness.send([null, String(ref), 'phoenix', 'heartbeat', {}])
          expect(await witness.next()).toEqual(reply(null, String(ref), 'phoenix', 'ok', {}))
        },
      ),
      { numRuns: 100 },
    )
  })

  it.each(['1.0.0', '2.0.0'])('over long polling ends at most its own session: version %s', async (vsn) => {
    app = await startContractApp()
    const url = `${app.httpUrl}/socket_short/longpoll?vsn=${vsn}`
    const post = async (token: string, body: string | Uint8Array, type: string): Promise<number> => {
      const headers = { 'content-type': type, 'x-phoenix-longpoll-token': token }
      const response = await fetch(url, { method: 'POST', headers, body: body as string })
      return response.status
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('application/json', 'application/x-ndjson'),
        async (bodies, type) => {
          const { token } = (await (await fetch(url)).json()) as { token: string }
          // All together: each that ends its session is answered only when its window is over.
          const statuses = await Promise.all(bodies.map((body) => post(token, body, type)))
          for (const status of statuses) expect([200, 500]).toContain(status)
        },
      ),
      { numRuns: 5 },
    )
    expect(await (await fetch(url)).json()).toMatchObject({ status: 410, messages: [] })
  })
})
