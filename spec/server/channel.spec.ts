import { InvalidArgument } from '../../lib/protocol/invalid-argument.ts'
import {
  type ChannelDefinition,
  error,
  type HandlerResult,
  ok,
  reply as answer,
  type ServerChannel,
  stop,
  type TerminateReason,
} from '../../lib/server/index.ts'
import { type RawClient, rawClient, reply } from './raw-client.ts'
import { serverBench } from './server-bench.ts'

const start = serverBench()

const joined = async (
  definition: ChannelDefinition,
  topic = 'room:a',
): Promise<RawClient & Awaited<ReturnType<typeof start>>> => {
  const bench = await start({ channels: { 'room:*': definition } })
  const client = await rawClient(bench.url)
  client.send(['1', '1', topic, 'phx_join', {}])
  await client.next()
  return { ...client, ...bench }
}

const crashOf = (joinRef: string): unknown => [
  joinRef,
  joinRef,
  'room:a',
  'phx_error',
  { reason: 'channel_crash' },
]

describe('the handlers of a channel', () => {
  it('answer with any status, now or later, and nothing if they return nothing', async () => {
    const client = await joined({
      handleIn: {
        now: () => answer('maybe', { n: 1 }),
        later: (_payload, _channel, request) => {
          setImmediate(() => {
            request.reply(error({ n: 2 }))
          })
        },
        never: () => undefined,
      },
    })
    for (const [ref, event] of [
      ['2', 'never'],
      ['3', 'later'],
      ['4', 'now'],
    ] as const)
      client.send(['1', ref, 'room:a', event, {}])
    expect(await client.take(2)).toEqual([
      reply('1', '4', 'room:a', 'maybe', { n: 1 }),
      reply('1', '3', 'room:a', 'error', { n: 2 }),
    ])
  })

  it('run one after the other, also when they are asynchronous', async () => {
    const order: string[] = []
    const client = await joined({
      handleIn: async (event, payload) => {
        order.push(`begin ${event}`)
        await new Promise((resolve) => setImmediate(resolve))
        order.push(`end ${event}`)
        return ok(payload)
      },
    })
    client.send(['1', '2', 'room:a', 'one', {}])
    client.send(['1', '3', 'room:a', 'two', {}])
    await client.take(2)
    expect(order).toEqual(['begin one', 'end one', 'begin two', 'end two'])
  })

  it.each<readonly [string, () => HandlerResult | Promise<HandlerResult>]>([
    [
      'throws',
      () => {
        throw new Error('oops')
      },
    ],
    ['rejects', () => Promise.reject(new Error('oops'))],
    ['returns nonsense', () => 'yes' as unknown as HandlerResult],
    ['returns an answer that JSON cannot carry', () => ok(10n)],
    ['returns a stop with a nonsensical answer', () => stop('normal', 1 as never)],
  ])('crash this channel alone when one %s', async (_name, oops) => {
    const client = await joined({ handleIn: { oops, echo: (payload) => ok(payload) } })
    client.send(['2', '2', 'room:b', 'phx_join', {}])
    await client.next()
    client.send(['1', '3', 'room:a', 'oops', {}])
    expect(await client.next()).toEqual(crashOf('1'))
    client.send(['2', '4', 'room:b', 'echo', { still: 'here' }])
    expect(await client.next()).toEqual(reply('2', '4', 'room:b', 'ok', { still: 'here' }))
    expect(client.traced).toContainEqual(
      expect.objectContaining({ _tag: 'ChannelCrashed', topic: 'room:a', event: 'oops' }),
    )
  })

  it.each([undefined, null, 'yes', {}, stop()])(
    'crash the channel when they reply %j later',
    async (given) => {
      const client = await joined({
        handleIn: (_event, _payload, _channel, request) => {
          setImmediate(() => {
            request.reply(given as never)
          })
        },
      })
      client.send(['1', '2', 'room:a', 'later', {}])
      expect(await client.next()).toEqual(crashOf('1'))
    },
  )

  it('are called on the object that they are methods of', async () => {
    class Room {
      readonly name = 'room'
      handleIn(): HandlerResult {
        return ok({ name: this.name })
      }
    }
    const handleIn = {
      name: 'handlers',
      who(): HandlerResult {
        return ok({ name: this.name })
      },
    }
    const handleOut = {
      name: 'interceptors',
      news(_payload: unknown, channel: ServerChannel): void {
        channel.push('seen', { name: this.name })
      },
    }
    const client = await joined(new Room())
    client.send(['1', '2', 'room:a', 'who', {}])
    expect(await client.next()).toEqual(reply('1', '2', 'room:a', 'ok', { name: 'room' }))
    const other = await joined({ handleIn, handleOut } as unknown as ChannelDefinition)
    other.send(['1', '2', 'room:a', 'who', {}])
    expect(await other.next()).toEqual(reply('1', '2', 'room:a', 'ok', { name: 'handlers' }))
    other.server.broadcast('room:a', 'news', {})
    expect(await other.next()).toEqual(['1', null, 'room:a', 'seen', { name: 'interceptors' }])
  })

  it.each(['nobody_handles_this', 'constructor', '__proto__', 'toString'])(
    'crash the channel for the unhandled event %s',
    async (event) => {
      const client = await joined({ handleIn: { known: () => ok() } })
      client.send(['1', '2', 'room:a', event, {}])
      expect(await client.next()).toEqual(crashOf('1'))
    },
  )

  it('get messages of their own, of timers and of the server through handleInfo', async () => {
    const client = await joined({
      join: (_params, channel) => {
        channel.send('self')
        channel.sendAfter('timer', 1)
        channel.subscribe('elsewhere')
        channel.sendAfter('never', 1)()
      },
      handleInfo: (message, channel) => {
        channel.push('info', { message })
      },
    })
    const messages = [await client.next(), await client.next()]
    expect(client.server.publish('elsewhere', 'published')).toBe(1)
    expect(client.server.publish('room:a', 'own topic')).toBe(1)
    messages.push(...(await client.take(2)))
    expect(messages.map((frame) => (frame as unknown[])[4])).toEqual([
      { message: 'self' },
      { message: 'timer' },
      { message: 'published' },
      { message: 'own topic' },
    ])
  })

  it('may not push before the join has been answered', async () => {
    const bench = await start({
      channels: {
        'room:*': {
          join: (_params, channel) => {
            channel.push('early')
          },
        },
      },
    })
    const client = await rawClient(bench.url)
    client.send(['1', '1', 'room:a', 'phx_join', {}])
    expect(await client.next()).toEqual(reply('1', '1', 'room:a', 'error', { reason: 'join crashed' }))
    expect(bench.traced).toContainEqual(expect.objectContaining({ _tag: 'JoinCrashed', topic: 'room:a' }))
  })
})

describe('a join whose reply JSON cannot carry', () => {
  it.each<readonly [string, () => HandlerResult | Promise<HandlerResult>]>([
    ['is a join that crashes', () => ok({ a: 1n })],
    ['is one too when it comes later', () => Promise.resolve(ok({ a: 1n }))],
    ['is one too when it refuses', () => error({ a: 1n })],
  ])('%s', async (_name, join) => {
    const bench = await start({ channels: { 'room:*': { join } } })
    const client = await rawClient(bench.url)
    client.send(['1', '1', 'room:a', 'phx_join', {}])
    expect(await client.next()).toEqual(reply('1', '1', 'room:a', 'error', { reason: 'join crashed' }))
    expect(bench.server.connections()[0]?.topics).toEqual([])
    expect(bench.traced).toContainEqual(expect.objectContaining({ _tag: 'NotEncodable', topic: 'room:a' }))
    expect(bench.traced).not.toContainEqual(expect.objectContaining({ _tag: 'Joined' }))
  })
})

describe('the end of a channel', () => {
  const ending = async (
    act: (client: Awaited<ReturnType<typeof joined>>) => void,
    frames: number,
  ): Promise<{ reasons: TerminateReason[]; frames: readonly unknown[]; aborted: boolean }> => {
    const reasons: TerminateReason[] = []
    let signal: AbortSignal | undefined
    let over = (): void => undefined
    const done: Promise<void> = new Promise((resolve) => {
      over = resolve
    })
    const client = await joined({
      join: (_params, channel) => {
        signal = channel.signal
      },
      handleIn: {
        stop: () => stop({ shutdown: 'enough' }, ok({ bye: true })),
        crash: () => {
          throw new Error('oops')
        },
      },
      terminate: (reason) => {
        reasons.push(reason)
        over()
      },
    })
    act(client)
    const seen = await client.take(frames)
    await done
    await new Promise((resolve) => setImmediate(resolve))
    expect(client.server.subscribers('room:a')).toBe(reasons[0]?._tag === 'Replaced' ? 1 : 0)
    return { reasons, frames: seen, aborted: signal?.aborted ?? false }
  }

  it('terminates once, with the reason', async () => {
    const left = await ending((client) => {
      client.send(['1', '2', 'room:a', 'phx_leave', {}])
    }, 2)
    expect(left).toEqual({
      reasons: [{ _tag: 'Left' }],
      frames: [reply('1', '2', 'room:a', 'ok', {}), ['1', '1', 'room:a', 'phx_close', {}]],
      aborted: true,
    })
    const stopped = await ending((client) => {
      client.send(['1', '2', 'room:a', 'stop', {}])
    }, 2)
    expect(stopped).toEqual({
      reasons: [{ _tag: 'Stopped', reason: { shutdown: 'enough' } }],
      frames: [reply('1', '2', 'room:a', 'ok', { bye: true }), ['1', '1', 'room:a', 'phx_close', {}]],
      aborted: true,
    })
    const crashed = await ending((client) => {
      client.send(['1', '2', 'room:a', 'crash', {}])
    }, 1)
    expect(crashed.reasons).toEqual([{ _tag: 'Crashed', error: new Error('oops') }])
    const gone = await ending((client) => {
      client.ws.terminate()
    }, 0)
    expect(gone).toEqual({ reasons: [{ _tag: 'Closed' }], frames: [], aborted: true })
  })

  it('comes with a second join of the topic, whose reply precedes the phx_close of the first', async () => {
    const replaced = await ending((client) => {
      client.send(['2', '2', 'room:a', 'phx_join', {}])
    }, 2)
    expect(replaced.reasons[0]).toEqual({ _tag: 'Replaced' })
    expect(replaced.frames).toEqual([
      reply('2', '2', 'room:a', 'ok', {}),
      ['1', '1', 'room:a', 'phx_close', {}],
    ])
  })

  it('cancels a join that is still running when the connection ends', async () => {
    let signal: AbortSignal | undefined
    let aborted = (): void => undefined
    const done: Promise<void> = new Promise((resolve) => {
      aborted = resolve
    })
    const { server, url } = await start({
      channels: {
        'room:*': {
          join: async (_params, channel) => {
            signal = channel.signal
            signal.addEventListener('abort', () => {
              aborted()
            })
            await done
          },
        },
      },
    })
    const client = await rawClient(url)
    client.send(['1', '1', 'room:a', 'phx_join', {}])
    while (!signal) await new Promise((resolve) => setImmediate(resolve))
    client.ws.terminate()
    await done
    expect(server.subscribers('room:a')).toBe(0)
  })
})

describe('messages of an older join', () => {
  it('are ignored, a leave among them, while those of the current one count', async () => {
    const client = await joined({ handleIn: { echo: (payload) => ok(payload) } })
    client.send(['0', '2', 'room:a', 'echo', { stale: true }])
    client.send(['0', '3', 'room:a', 'phx_leave', {}])
    client.send([1, '4', 'room:a', 'echo', { stale: true }])
    client.send(['1', '5', 'room:a', 'echo', { fresh: true }])
    expect(await client.next()).toEqual(reply('1', '5', 'room:a', 'ok', { fresh: true }))
    expect(client.traced.filter(({ _tag }) => _tag === 'StaleMessage')).toHaveLength(3)
  })

  it('are not those without a join_ref, which belong to any join', async () => {
    const client = await joined({ handleIn: { echo: (payload) => ok(payload) } })
    client.send([null, '4', 'room:a', 'echo', {}])
    expect(await client.next()).toEqual(reply('1', '4', 'room:a', 'ok', {}))
    client.send([null, '5', 'room:a', 'phx_leave', {}])
    expect(await client.next()).toEqual(reply('1', '5', 'room:a', 'ok', {}))
  })

  it.each([1, 1.5, true, ['list'], { a: 1 }])(
    'are told apart by a join_ref of %j as well',
    async (joinRef) => {
      const { url } = await start({
        channels: { 'room:*': { handleIn: { echo: (payload) => ok(payload) } } },
      })
      const client = await rawClient(url)
      client.send([joinRef, 2, 'room:a', 'phx_join', {}])
      expect(await client.next()).toEqual([joinRef, 2, 'room:a', 'phx_reply', { status: 'ok', response: {} }])
      client.send(['other', 3, 'room:a', 'echo', {}])
      client.send([joinRef, 4, 'room:a', 'echo', {}])
      expect(await client.next()).toEqual([joinRef, 4, 'room:a', 'phx_reply', { status: 'ok', response: {} }])
    },
  )

  it('are all that have one, if the join had none', async () => {
    const { url } = await start({ channels: { 'room:*': { handleIn: { echo: (payload) => ok(payload) } } } })
    const client = await rawClient(url)
    client.send([null, '1', 'room:a', 'phx_join', {}])
    await client.next()
    client.send(['1', '2', 'room:a', 'echo', {}])
    client.send([null, '3', 'room:a', 'echo', {}])
    expect(await client.next()).toEqual(reply('1', '3', 'room:a', 'ok', {}))
  })

  it('a leave of a topic that is not joined is answered, for the channel may just have ended', async () => {
    const client = await joined({})
    client.send(['7', '8', 'room:other', 'phx_leave', {}])
    expect(await client.next()).toEqual(reply('7', '8', 'room:other', 'ok', {}))
  })
})

describe('broadcasts', () => {
  it('reach all clients, or all others, of both versions, and are intercepted by event', async () => {
    const { server, url } = await start({
      channels: {
        'room:*': {
          handleIn: {
            from: (payload, channel) => {
              channel.broadcastFrom('news', payload)
              return ok()
            },
          },
          handleOut: {
            secret: (payload, channel) => {
              channel.push('hidden', payload)
            },
          },
        },
      },
    })
    const [ann, bob] = [await rawClient(url), await rawClient(url)]
    const old = await rawClient(url.replace('2.0.0', '1.0.0'))
    ann.send(['1', '1', 'room:a', 'phx_join', {}])
    bob.send(['7', '7', 'room:a', 'phx_join', {}])
    old.send(JSON.stringify({ topic: 'room:a', event: 'phx_join', payload: {}, ref: '1' }))
    await Promise.all([ann.next(), bob.next(), old.next()])

    ann.send(['1', '2', 'room:a', 'from', { x: 1 }])
    expect(await ann.next()).toEqual(reply('1', '2', 'room:a', 'ok', {}))
    expect(await bob.next()).toEqual([null, null, 'room:a', 'news', { x: 1 }])
    expect(await old.next()).toEqual({ topic: 'room:a', event: 'news', payload: { x: 1 }, ref: null })

    server.broadcast('room:a', 'secret', { y: 2 })
    expect(await bob.next()).toEqual(['7', null, 'room:a', 'hidden', { y: 2 }])

    server.broadcast('room:a', 'bytes', new Uint8Array([1, 2]))
    server.broadcast('room:a', 'after', {})
    expect(await old.next()).toEqual({ topic: 'room:a', event: 'hidden', payload: { y: 2 }, ref: null })
    expect(await old.next()).toEqual({ topic: 'room:a', event: 'after', payload: {}, ref: null })
  })

  it('throw at the call for a payload that cannot be carried', async () => {
    const { server } = await start({ channels: { 'room:*': {} } })
    expect(() => {
      server.broadcast('room:a', 'news', 10n)
    }).toThrow(InvalidArgument)
    expect(() => {
      server.broadcast('', 'news', {})
    }).toThrow('topic')
    expect(() => {
      server.broadcast('x'.repeat(300), 'news', new Uint8Array(1))
    }).toThrow('255')
  })
})
