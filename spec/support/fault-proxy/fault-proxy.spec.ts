import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { random } from '../random.ts'
import { type ConnectionPlan } from './connection-plan.ts'
import { type FaultProxy, faultProxy } from './fault-proxy.ts'
import { randomPlans } from './random-plans.ts'

describe('the fault proxy', () => {
  let server: Server
  let proxy: FaultProxy
  /** What the server sees of each connection. */
  let served: Socket[]
  let faults: string[]

  beforeEach(async () => {
    served = []
    faults = []
    server = createServer({ allowHalfOpen: true }, (socket) => {
      served.push(socket)
      socket.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    proxy = await faultProxy({
      port: (server.address() as AddressInfo).port,
      onFault: (connection, what) => faults.push(`${connection}: ${what}`),
    })
  })

  afterEach(async () => {
    await proxy.close()
    for (const socket of served) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  /** Both ends of a connection with this plan. */
  const connected = async (plan: ConnectionPlan): Promise<{ client: Socket; end: Socket }> => {
    proxy.use(() => plan)
    const before = served.length
    const client = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
    client.on('error', () => undefined)
    await once(client, 'connect')
    while (served.length === before) await new Promise((resolve) => setImmediate(resolve))
    const end = served.at(-1)
    if (!end) throw new Error('the server has no connection')
    return { client, end }
  }
  const greeted = (plan: ConnectionPlan): Socket => {
    proxy.use(() => plan)
    const client = connect(proxy.port, '127.0.0.1')
    client.on('error', () => undefined)
    return client
  }
  const outcome = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      socket.resume()
      socket.once('error', (error) => {
        resolve((error as NodeJS.ErrnoException).code ?? error.message)
      })
      socket.once('end', () => {
        resolve('FIN')
      })
    })
  /** Sizes of the pieces in which `bytes` bytes come. */
  const pieces = (socket: Socket, bytes: number): Promise<number[]> =>
    new Promise((resolve) => {
      const sizes: number[] = []
      socket.on('data', (data: Buffer) => {
        sizes.push(data.length)
        if (sizes.reduce((sum, size) => sum + size) === bytes) resolve(sizes)
      })
    })

  it('passes everything unharmed, also the end of one side while the other goes on', async () => {
    const { client, end } = await connected({})
    client.end('to the server')
    // An async iterator would end the other direction too.
    expect(await new Promise((resolve) => end.once('data', resolve))).toEqual(Buffer.from('to the server'))
    await once(end, 'end')
    end.end('and back')
    expect(await text(client)).toBe('and back')
    expect(faults).toEqual([])
  })

  it('splits what passes into segments, without losing or turning round a byte', async () => {
    const { client, end } = await connected({ up: { splitBytes: 3 } })
    const said = 'abcdefghij'.repeat(5)
    client.write(said.slice(0, 20))
    client.end(said.slice(20))
    const sizes = pieces(end, said.length)
    const heard = text(end)
    expect((await sizes).length).toBeGreaterThan(5)
    expect(await heard).toBe(said)
  })

  it('merges what passes within a time into one write', async () => {
    const { client, end } = await connected({ down: { mergeMs: 60 } })
    const sizes = pieces(client, 4)
    for (const byte of 'abcd') {
      end.write(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await sizes).toEqual([4])
  })

  it('delays what passes, and keeps its order', async () => {
    const { client, end } = await connected({ up: { delayMs: 40 } })
    const began = performance.now()
    client.write('ab')
    client.end('cd')
    expect(await text(end)).toBe('abcd')
    expect(performance.now() - began).toBeGreaterThanOrEqual(38)
  })

  it.each([
    ['fin', 'FIN'],
    ['rst', 'ECONNRESET'],
  ] as const)('ends both sides with %s, after exactly so many bytes', async (how, seen) => {
    const { client, end } = await connected({ end: { how, when: { direction: 'up', bytes: 5 } } })
    const got: Buffer[] = []
    end.on('data', (data: Buffer) => got.push(data))
    // Only the client's, since whoever gets data and a reset at once may be told of an end.
    const ends = Promise.all([outcome(client), once(end, 'end').catch(() => undefined)])
    client.write('1234567890')
    expect((await ends)[0]).toBe(seen)
    // What a reset overtakes is lost, as on a real network.
    expect('12345').toContain(Buffer.concat(got).toString())
    expect(faults).toEqual([`0: ${how} after 5 bytes up, 0 down`])
  })

  it('resets a connection whose orderly end is under way, and keeps no handle of it', async () => {
    const { client, end } = await connected({})
    const gone = Promise.all([once(client, 'close'), once(end, 'close')])
    proxy.connections()[0]?.end('fin')
    proxy.connections()[0]?.end('rst')
    client.resume().end()
    end.resume().end()
    await gone
    // A handle that is not closed never tells that it is.
    for (let turns = 0; turns < 1_000 && proxy.connections().length > 0; turns++)
      await new Promise((resolve) => setImmediate(resolve))
    expect(proxy.connections()).toEqual([])
  })

  it('ends a connection after a time, and when it is told to', async () => {
    const first = await connected({ end: { how: 'rst', when: { ms: 5 } } })
    expect(await outcome(first.client)).toBe('ECONNRESET')
    const second = await connected({})
    proxy.connections()[0]?.end('fin')
    expect(await outcome(second.client)).toBe('FIN')
  })

  it.each([
    ['silence up', ['', 'down']],
    ['silence down', ['up', '']],
    ['silence both', ['', '']],
  ] as const)(
    'is half-open with %s: neither side notices it, nor receives what the other sends',
    async (how, heard) => {
      const { client, end } = await connected({})
      const atServer: Buffer[] = []
      const atClient: Buffer[] = []
      end.on('data', (data: Buffer) => atServer.push(data))
      client.on('data', (data: Buffer) => atClient.push(data))
      proxy.connections()[0]?.end(how)
      client.write('up')
      end.write('down')
      // The proxy has had the time for it, since a fresh connection has been all the way to and fro.
      const other = await connected({})
      const echoed = pieces(other.client, 1)
      other.end.on('data', () => other.end.write('!'))
      other.client.write('?')
      await echoed
      expect([String(Buffer.concat(atServer)), String(Buffer.concat(atClient))]).toEqual(heard)
      expect(client.destroyed || end.destroyed).toBe(false)
      // When the client gives up, the server is told some time later.
      const told = outcome(end)
      client.end()
      expect(await told).toBe(how === 'silence down' ? 'FIN' : 'ECONNRESET')
    },
  )

  it('passes everything in the other direction when one has fallen silent at its bytes', async () => {
    const { client, end } = await connected({
      end: { how: 'silence up', when: { direction: 'down', bytes: 3 } },
    })
    end.end('0123456789')
    expect(await text(client)).toBe('0123456789')
    expect(faults).toEqual(['0: silence up after 0 bytes up, 3 down'])
  })

  it('sends the client garbage', async () => {
    const { client } = await connected({ end: { how: 'garbage', when: { direction: 'up', bytes: 1 } } })
    client.write('?')
    expect((await text(client)).length).toBeGreaterThan(0)
  })

  it.each([
    ['fin', 'FIN'],
    ['rst', 'ECONNRESET'],
    [{ answer: 'HTTP/1.1 503 Away\r\n\r\n' }, 'FIN'],
  ] as const)('greets with %j in place of the server', async (greeting, seen) => {
    const client = greeted({ greeting })
    client.write('GET / HTTP/1.1\r\n\r\n')
    expect(await outcome(client)).toBe(seen)
    expect(served).toEqual([])
  })

  it('stalls: accepts, takes what comes and never answers', async () => {
    const client = greeted({ greeting: 'stall' })
    client.end('GET / HTTP/1.1\r\n\r\n')
    expect(await text(client)).toBe('')
    expect([served, faults]).toEqual([[], ['0: greeted by stall']])
  })

  it('makes the same plans of the same seed, and others of another', () => {
    const plans = (seed: number): ConnectionPlan[] =>
      Array.from({ length: 200 }, (_, i) => randomPlans(random(seed))(i))
    expect(plans(7)).toEqual(plans(7))
    expect(plans(7)).not.toEqual(plans(8))
    // In whatever order they are asked for.
    expect(randomPlans(random(7))(150)).toEqual(plans(7)[150])
    const ends = new Set(
      plans(7).map(({ greeting, end }) => (greeting === undefined ? end?.how : 'greeting')),
    )
    expect(ends.size).toBe(8)
  })
})
