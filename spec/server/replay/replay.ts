import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, recordedRequest } from './recorded-request.ts'
import { type RecordedSocket, recordedSocket } from './recorded-socket.ts'
import { type Line, type Recording } from './recording.ts'
import { type Bindings, sameJson } from './same-json.ts'
import { type ServerFrame, textFrame } from './server-frame.ts'

/** Headers that say something to a client. */
const COMPARED = [
  'content-type',
  'cache-control',
  'access-control-allow-origin',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-max-age',
  'retry-after',
  'sec-websocket-protocol',
]

/** In these the distance of lines is the subject; elsewhere only their order is. */
export const isTimed = (name: string): boolean => /^(socket_idle_timeout|longpoll_ends)/.test(name)

/** Sends the client's lines of a recording to a server on this port and throws where the server answers otherwise. */
export const replay = async ({ name, vsn, lines }: Recording, port: number): Promise<void> => {
  const bindings: Bindings = new Map()
  const sockets: Map<string, RecordedSocket> = new Map()
  let pending: Promise<Answer> | undefined
  let gaveUp = false
  let previousMs = 0

  const socketOf = ({ conn = '' }: Line): RecordedSocket => {
    const socket = sockets.get(conn)
    if (!socket) throw new Error(`no connection "${conn}" is open`)
    return socket
  }

  const step = async (line: Line): Promise<void> => {
    switch (line.dir) {
      case 'open': {
        const socket = await recordedSocket(
          `ws://127.0.0.1:${port}${line.path ?? ''}`,
          line,
          vsn,
          bindings,
          name.startsWith('connect_compressed'),
        )
        compareHeaders(line, socket.headers)
        compareCompression(line, socket.headers)
        sockets.set(line.conn ?? '', socket)
        return
      }
      case 'send':
        socketOf(line).send(line)
        return
      case 'recv':
        return socketOf(line).expect(line)
      case 'close': {
        if (gaveUp) return // the recording client refused the answer to its upgrade; there was no connection
        const code = await socketOf(line).closed()
        if (code !== line.code) throw new Error(`closed with ${code} instead of ${String(line.code)}`)
        return
      }
      case 'ctl': {
        const body = line.base64 === undefined ? line.body : Buffer.from(line.base64, 'base64')
        const init = { method: line.method ?? 'POST', ...(body === undefined ? {} : { body }) }
        const answer = await fetch(`http://127.0.0.1:${port}${line.path ?? ''}`, init)
        if (!answer.ok) throw new Error(`${line.path ?? ''} was answered with ${answer.status}`)
        return
      }
      case 'http':
        if (line.phase === 'request') pending = recordedRequest(port, bound(line, bindings))
        else if (pending) compareAnswer(line, await pending, vsn, bindings)
        gaveUp = line.note?.startsWith('the client gave up') ?? gaveUp
        return
      case 'note': {
        gaveUp &&= !line.text?.includes('sub-protocol')
        const silentMs = /nothing came within (\d+) ms/.exec(line.text ?? '')?.[1]
        if (silentMs !== undefined) await sleep(Number(silentMs))
        return
      }
    }
  }

  try {
    for (const line of lines) {
      if (isTimed(name) && line.dir !== 'recv' && line.dir !== 'close')
        await sleep(Math.max(0, line.t_ms - previousMs))
      previousMs = line.t_ms
      await step(line).catch((cause: unknown) => {
        const where = `${name}, at ${line.t_ms} ms, ${line.dir}`
        throw new Error(`${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
      })
    }
    for (const socket of sockets.values())
      if (socket.rest().length > 0) throw new Error(`${name}: also came ${JSON.stringify(socket.rest())}`)
  } finally {
    for (const socket of sockets.values()) socket.end()
  }
}

/** A recorded request with the tokens of this run. */
const bound = (line: Line, bindings: Bindings): Line => {
  const replaced = (text: string): string => {
    for (const [recorded, current] of bindings) text = text.replaceAll(recorded, encodeURIComponent(current))
    return text
  }
  const headers = Object.entries(line.headers ?? {}).map(([name, value]) => [name, replaced(value)])
  return {
    ...line,
    path: replaced(line.path ?? ''),
    headers: Object.fromEntries(headers) as Record<string, string>,
  }
}

const compareAnswer = (line: Line, answer: Answer, vsn: string, bindings: Bindings): void => {
  if (answer.status !== line.status)
    throw new Error(`HTTP status ${answer.status} instead of ${String(line.status)}`)
  compareHeaders(line, answer.headers)
  const expected = parsed(line.body ?? '', vsn)
  const found = parsed(answer.body, vsn)
  if (!sameJson(expected, found, bindings))
    throw new Error(`body ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`)
}

const compareHeaders = (line: Line, found: Readonly<Record<string, unknown>>): void => {
  for (const name of COMPARED)
    if (line.headers?.[name] !== found[name])
      throw new Error(`header ${name} is ${String(found[name])} instead of ${String(line.headers?.[name])}`)
}

/** The parameters of the extension may differ between servers; whether it is on may not. */
const compareCompression = (line: Line, found: Readonly<Record<string, unknown>>): void => {
  const name = 'sec-websocket-extensions'
  if ((line.headers?.[name] === undefined) !== (found[name] === undefined))
    throw new Error(`${name} is ${String(found[name])} instead of ${String(line.headers?.[name])}`)
}

/** A body with its JSON parsed, and the messages in it as well, those of one server process together. */
const parsed = (body: string, vsn: string): unknown => {
  if (!body.startsWith('{')) return body
  const value = JSON.parse(body) as { messages?: string[] }
  if (!value.messages) return value
  const frames: Record<string, unknown[]> = {}
  for (const message of value.messages) {
    // Bytes come as the text that they happen to be (recording `longpoll_ends`).
    const isText = /^[[{]/.test(message)
    const frame: ServerFrame = isText ? textFrame(message, vsn) : { source: 'bytes', value: message }
    ;(frames[frame.source] ??= []).push(frame.value)
  }
  return { ...value, messages: frames }
}
