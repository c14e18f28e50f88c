import { type ConnectInfo, type ServerSocket } from './server-socket.ts'
import { type Mount } from './mount.ts'
import { type ServerSerializer, serializerFor } from './server-serializer.ts'
import { type Accepted, type Refused, refuse } from './socket-definition.ts'
import { type Trace } from './trace.ts'

export interface Connected {
  readonly _tag: 'Connected'
  readonly socket: ServerSocket
  readonly serializer: ServerSerializer
}

/** How a Phoenix endpoint answers when `connect/3` raises. */
export const crashAnswer: Refused = {
  _tag: 'Refused',
  status: 500,
  body: '{"errors":{"detail":"Internal Server Error"}}',
  headers: { 'content-type': 'application/json; charset=utf-8' },
}

/** Asks the definition of the socket whether this client may come in. Never rejects. */
export const connect = async (
  { path, definition, serializers }: Mount,
  info: ConnectInfo,
  trace: Trace,
): Promise<Connected | Refused> => {
  const { vsn } = info.params
  const serializer = serializers.find((each) => each.vsn === vsn) ?? serializerFor(vsn)
  const refused = (answer: Refused): Refused => {
    trace({ _tag: 'ConnectRefused', path, status: answer.status })
    return answer
  }
  if (!serializer) return refused(refuse())
  try {
    const result: unknown = await definition.connect?.(info)
    if (!isConnectResult(result))
      throw new TypeError(`connect of "${path}" must return accept(), refuse() or nothing.`)
    if (result?._tag === 'Refused') return refused(result)
    const anonymous: Omit<ServerSocket, 'id'> = { ...info, assigns: { ...result?.assigns } }
    const id = definition.id?.(anonymous) ?? null
    return { _tag: 'Connected', socket: { ...anonymous, id }, serializer }
  } catch (error) {
    trace({ _tag: 'ConnectCrashed', path, error })
    return crashAnswer
  }
}

const isConnectResult = (value: unknown): value is Accepted | Refused | undefined => {
  if (value === undefined) return true
  const tag = typeof value === 'object' && value !== null && '_tag' in value ? value._tag : undefined
  return tag === 'Accepted' || tag === 'Refused'
}

/** Whether the `origin` header may come in; only browsers send it, so a client without it is not a browser. */
export const originAllowed = (
  check: readonly string[] | ((origin: string) => boolean) | undefined,
  origin: string | undefined,
): boolean => {
  if (check === undefined || origin === undefined) return true
  return typeof check === 'function' ? check(origin) : check.includes(origin)
}
