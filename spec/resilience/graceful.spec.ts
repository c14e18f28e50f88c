import { once } from 'node:events'
import { join } from 'node:path'
import { type WebSocket } from 'ws'
import { startContractApp } from '../contract-app/index.ts'
import { type ConnectionPlan, type Ending } from '../support/fault-proxy/connection-plan.ts'
import { type FaultProxy, faultProxy } from '../support/fault-proxy/fault-proxy.ts'
import { type Ended, type Running, runScript } from '../support/run-script.ts'
import { type BareServer, bareServer } from '../transport/bare-server.ts'

const SCRIPT = join(import.meta.dirname, 'until-interrupted.ts')

/** How long the process lived on after its last unsubscribe, less what the machine held it up. */
const tookMs = ({ stdout }: Ended): number => {
  const { ms, lagMs } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { ms: number; lagMs: number }
  return ms - lagMs
}

describe('a script that is interrupted', () => {
  let server: BareServer
  let proxy: FaultProxy
  let running: Running | undefined
  /** What the server has heard on its connections: topics and events, then the close code. */
  let heard: string[]
  let closed: Promise<unknown>

  const serve = (socket: WebSocket): void => {
    socket.on('message', (data: Buffer) => {
      const [joinRef, ref, topic, event] = JSON.parse(data.toString()) as string[]
      heard.push(`${topic ?? ''} ${event ?? ''}`)
      if (event === 'phx_join')
        socket.send(JSON.stringify([joinRef, ref, topic, 'phx_reply', { status: 'ok', response: {} }]))
    })
    closed = once(socket, 'close').then(([code]) => heard.push(`closed ${String(code)}`))
  }

  beforeEach(async () => {
    heard = []
    server = await bareServer({ onSocket: serve })
    proxy = await faultProxy({ port: Number(new URL(server.url).port) })
  })

  afterEach(async () => {
    running?.process.kill('SIGKILL')
    await proxy.close()
    await server.close()
  })

  /** Runs the script until it has written so, and interrupts it. `strike` comes between. */
  const interrupted = async (
    plan: ConnectionPlan,
    when: RegExp,
    { strike = () => undefined, transport = 'websocket' }: { strike?: () => void; transport?: string } = {},
  ): Promise<Ended> => {
    proxy.use(() => plan)
    running = runScript(SCRIPT, [`http://127.0.0.1:${proxy.port}/socket`, transport])
    await running.written(when)
    strike()
    running.process.kill('SIGINT')
    return running.ended
  }

  const strikeAll = (how: Ending) => (): void => {
    for (const connection of proxy.connections()) connection.end(how)
  }

  it('leaves its channels and closes with 1000', async () => {
    const ended = await interrupted({}, /room:b joined/)

    expect(ended).toMatchObject({ code: 0, stderr: '' })
    await closed
    expect(heard.slice(0, 3)).toEqual(['room:a phx_join', 'room:b phx_join', 'room:a no_answer'])
    expect(heard.slice(3, 5).sort()).toEqual(['room:a phx_leave', 'room:b phx_leave'])
    expect(heard.slice(5)).toEqual(['closed 1000'])
    expect(tookMs(ended)).toBeLessThan(500)
  }, 30_000)

  it.each(['silence down', 'silence up', 'silence both', 'rst', 'fin', 'garbage'] as const)(
    'ends within a second when its connection meets %s before the closing handshake',
    async (how) => {
      const ended = await interrupted({}, /room:b joined/, { strike: strikeAll(how) })

      expect(ended).toMatchObject({ code: 0, stderr: '' })
      expect(tookMs(ended)).toBeLessThan(1_000)
    },
    30_000,
  )

  it.each([
    ['is stalled', { greeting: 'stall' }, /connecting/],
    ['is half answered', { greeting: { answer: 'HTTP/1.1 101 Swit', stayOpen: true } }, /connecting/],
    [
      'is refused with a body that does not end',
      { greeting: { answer: 'HTTP/1.1 502 Bad\r\ncontent-length: 9\r\n\r\n', stayOpen: true } },
      /connecting/,
    ],
    ['has been reset, and it waits to try again', { greeting: 'rst' }, /waiting/],
  ] as const)(
    'ends within a second when its handshake %s',
    async (_name, plan, when) => {
      const ended = await interrupted(plan, when)

      expect(ended).toMatchObject({ code: 0, stderr: '' })
      expect(tookMs(ended)).toBeLessThan(1_000)
    },
    30_000,
  )

  describe('over long polling', () => {
    it('leaves its channels, and ends within a second', async () => {
      const app = await startContractApp()
      await proxy.close()
      proxy = await faultProxy({ port: app.port })
      const ended = await interrupted({}, /room:b joined/, { transport: 'longpoll' })
      const left = ['room:a', 'room:b'].map((topic) => app.server.subscribers(topic))
      await app.close()

      expect(ended).toMatchObject({ code: 0, stderr: '' })
      expect(left).toEqual([0, 0])
      expect(tookMs(ended)).toBeLessThan(1_000)
    }, 30_000)
  })
})
