import { type ContractApp, startContractApp } from '../contract-app/index.ts'
import { type RawClient, rawClient, reply } from './raw-client.ts'

describe('the controls of the contract app', () => {
  let app: ContractApp
  beforeEach(async () => {
    app = await startContractApp()
  })
  afterEach(() => app.close())

  const ctl = async (path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<unknown> => {
    const response = await fetch(`${app.httpUrl}/ctl/${path}`, {
      method: 'POST',
      ...(body === undefined ? {} : { body }),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }
  const joined = async (topic: string, user = 'ann', params: object = {}): Promise<RawClient> => {
    const client = await rawClient(`${app.url}/socket/websocket?vsn=2.0.0&user_id=${user}`)
    client.send(['1', '1', topic, 'phx_join', params])
    await client.next()
    return client
  }

  it('show what is alive, and nothing that does not exist', async () => {
    expect(await ctl('health')).toEqual({ status: 200, ok: true })
    expect(await ctl('nosuch')).toEqual({ status: 404, error: 'not found' })
    expect(await ctl('broadcast?topic=room:a&event=x', 'no json')).toMatchObject({ status: 400, ok: false })
    expect((await fetch(`${app.httpUrl}/ctl/health`)).status).toBe(200)
  })

  it('count subscribers, flood a topic, push bytes', async () => {
    const client = await joined('room:a')
    expect(await ctl('subscribers?topic=room:a')).toMatchObject({ count: 1 })
    expect(await ctl('subscribers?topic=room:b')).toMatchObject({ count: 0 })
    await ctl('flood?topic=room:a&event=f&n=3&size=2')
    expect(await client.take(3)).toEqual([1, 2, 3].map((i) => [null, null, 'room:a', 'f', { i, data: 'xx' }]))
    await ctl('push_binary?topic=room:a&event=b', new Uint8Array([7, 8]))
    expect(await client.next()).toEqual(Buffer.from('\x00\x01\x06\x011room:ab\x07\x08', 'latin1'))
  })

  it('refuse connections until they are allowed again', async () => {
    await ctl('deny?on=1')
    expect(await refused()).toBe(403)
    await expect(joined('room:a')).rejects.toThrow('403')
    await ctl('deny?on=0')
    expect(await joined('room:a')).toHaveProperty('send')
  })
  const refused = async (): Promise<number> => {
    const response = await fetch(`${app.httpUrl}/socket/longpoll?vsn=2.0.0`)
    return ((await response.json()) as { status: number }).status
  }

  it('drain the connections of a topic with 1012, and no other', async () => {
    const [inside, outside] = [await joined('room:a'), await joined('room:b')]
    expect(await ctl('drain?topic=room:a')).toMatchObject({ count: 1 })
    expect(await inside.closed).toBe(1012)
    outside.send(['1', '2', 'room:b', 'ok', {}])
    expect(await outside.next()).toEqual(reply('1', '2', 'room:b', 'ok', {}))
  })

  it('freeze a user, whose answers come late', async () => {
    const [ann, bob] = [await joined('room:a', 'ann'), await joined('room:b', 'bob')]
    expect(await ctl('freeze?user=ann&ms=100')).toMatchObject({ count: 1 })
    const order: string[] = []
    for (const [client, topic, name] of [
      [ann, 'room:a', 'ann'],
      [bob, 'room:b', 'bob'],
    ] as const) {
      client.send(['1', '2', topic, 'ok', {}])
      void client.next().then(() => order.push(name))
    }
    while (order.length < 2) await new Promise((resolve) => setImmediate(resolve))
    expect(order).toEqual(['bob', 'ann'])
  })

  it('crash a channel by an exception as well', async () => {
    const client = await joined('room:a')
    expect(await ctl('crash?topic=room:a&mode=raise')).toMatchObject({ count: 1 })
    expect(await client.next()).toEqual(['1', '1', 'room:a', 'phx_error', { reason: 'channel_crash' }])
  })

  it('show a presence', async () => {
    const client = await joined('presence_fetch:a', 'ann', { key: 'ann', meta: { n: 1 } })
    await client.take(2)
    expect(await ctl('presence?topic=presence_fetch:a')).toMatchObject({
      ann: { metas: [{ n: 1 }], user: { name: 'name of ann' } },
    })
  })
})
