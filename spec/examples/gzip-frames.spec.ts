import { fileURLToPath } from 'node:url'
import { firstValueFrom, take, toArray } from 'rxjs'
import { gzipSerializer } from '../../examples/gzip-frames/gzip-serializer.ts'
import { type Frame, type Message, phoenixSocket, type Serializer } from '../../lib/index.ts'
import { ok } from '../../lib/server/index.ts'
import { serverBench } from '../server/server-bench.ts'
import { runScript } from '../support/run-script.ts'

/** What this serializer reads; undefined for what it throws at. */
const readable = (frame: Frame): ReturnType<Serializer['decode']> | undefined => {
  try {
    return gzipSerializer.decode(frame)
  } catch {
    return undefined
  }
}

const message = (payload: unknown): Message => ({ topic: 'a', event: 'e', payload, ref: '1', joinRef: '1' })

describe('examples/gzip-frames', () => {
  it('runs, and sends less than a fifth of the bytes', async () => {
    const main = fileURLToPath(new URL('../../examples/gzip-frames/main.ts', import.meta.url))
    const { code, stdout, stderr } = await runScript(main).ended
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      /^plain {2}\d+ bytes, the same came back: true\ngzip {3}\d+ bytes, the same came back: true\n$/,
    )
    expect(code).toBe(0)
  }, 60_000)

  it('compresses long frames, and reads both kinds', () => {
    for (const [payload, type] of [
      ['short', 'string'],
      ['long '.repeat(1000), 'object'],
    ] as const) {
      const encoded = gzipSerializer.encode(message(payload))
      if (encoded._tag === 'Left') throw new Error(encoded.left._tag)
      expect(typeof encoded.right).toBe(type)
      expect(gzipSerializer.decode(encoded.right)).toMatchObject({ right: message(payload) })
    }
  })

  it('rejects binary payloads, which its format cannot carry', () => {
    expect(gzipSerializer.encode(message(new Uint8Array([1])))).toMatchObject({
      left: { _tag: 'BinaryUnsupported' },
    })
  })
})

describe('a custom serializer on the embedded server', () => {
  const start = serverBench()

  it('serves the clients that ask for it, beside others on the same topic', async () => {
    const { server } = await start({
      serializers: [gzipSerializer],
      channels: {
        room: {
          handleIn: (_event, payload, channel) => {
            channel.broadcast('news', payload)
            return ok({ heard: payload })
          },
        },
      },
    })
    const url = `${server.url}/socket`
    const own = phoenixSocket(url, { serializer: gzipSerializer }).channel('room')
    const other = phoenixSocket(url).channel('room')
    const text = 'long '.repeat(1000)
    const held = own.subscribe()
    const news = firstValueFrom(other.on('news').pipe(take(1), toArray()))
    await firstValueFrom(other.push('hello', { n: 1 }))
    const heard = firstValueFrom(own.on('news'))
    expect(await firstValueFrom(own.push('say', { text }))).toEqual({ heard: { text } })
    expect(await heard).toEqual({ text })
    expect(await news).toEqual([{ n: 1 }])
    held.unsubscribe()
  })

  it.each<[string, Partial<Serializer>]>([
    ['throws', {}],
    ['gives no Either', { decode: (frame) => readable(frame) ?? (undefined as never) }],
  ])('ends a connection and not the server when it %s', async (_case, own) => {
    const { server } = await start({
      serializers: [{ ...gzipSerializer, vsn: 'x', ...own }],
      channels: { room: { handleIn: (_event, payload) => ok(payload) } },
    })
    const broken = {
      ...gzipSerializer,
      vsn: 'x',
      encode: (given: Message) =>
        given.event === 'bad'
          ? ({ _tag: 'Right', right: new Uint8Array([1, 2, 3]) } as const)
          : gzipSerializer.encode(given),
    }
    const channel = phoenixSocket(`${server.url}/socket`, { serializer: broken }).channel('room')
    const held = channel.subscribe()
    await firstValueFrom(channel.push('good', { n: 1 }))
    const bad = firstValueFrom(channel.push('bad')).catch((error: unknown) => error)
    expect(['PushTimeout', 'ConnectionLost', 'ChannelCrashed']).toContain(
      ((await bad) as { _tag: string })._tag,
    )
    expect(await firstValueFrom(channel.push('good', { n: 2 }))).toEqual({ n: 2 })
    held.unsubscribe()
  })
})
