import { readdirSync, readFileSync } from 'node:fs'

/** One line of a recording, as `fixtures/wire/README.md` describes it. */
interface RecordedLine {
  readonly t_ms: number
  readonly dir: 'open' | 'send' | 'recv' | 'close' | 'http' | 'ctl' | 'note'
  readonly conn?: string
  readonly opcode?: 'text' | 'binary' | 'ping' | 'pong' | 'close'
  readonly text?: string
  readonly base64?: string
  readonly path?: string
  readonly method?: string
  readonly phase?: 'request' | 'response'
  readonly status?: number
  readonly body?: string
  readonly code?: number
  readonly reason?: string
}

/** A session of a real server, line by line. */
export interface Recording {
  /** The name of the file without `.jsonl`, such as `join_ok.v2`. */
  readonly name: string
  readonly scenario: string
  readonly vsn: string
  /** The mount point of the socket. */
  readonly path: string
  readonly notes: string
  readonly lines: readonly RecordedLine[]
}

/** A text or binary frame of a recording. */
export interface RecordedFrame {
  /** The recording and the number of the line in its file. */
  readonly title: string
  readonly from: 'client' | 'server'
  /** The version that its connection speaks, which may be another than the header of the file says. */
  readonly vsn: '1.0.0' | '2.0.0'
  readonly frame: string | Uint8Array
}

const folder = new URL('../fixtures/wire/', import.meta.url)

/** Reads one recording by its name, such as `join_ok.v2`. */
export const recording = (name: string): Recording => {
  const [header = '{}', ...lines] = readFileSync(new URL(`${name}.jsonl`, folder), 'utf8')
    .trimEnd()
    .split('\n')
  return {
    ...(JSON.parse(header) as Omit<Recording, 'name' | 'lines'>),
    name,
    lines: lines.map((line) => JSON.parse(line) as RecordedLine),
  }
}

/** All recordings, in the order of their names. */
export const recordings = (): readonly Recording[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .map((file) => recording(file.replace(/\.jsonl$/, '')))

/** The text and binary frames of a recording, and the messages that a long poll brought, in the order of its lines. */
export const framesOf = ({ name, lines }: Recording): readonly RecordedFrame[] => {
  const vsns = new Map<string | undefined, '1.0.0' | '2.0.0'>()
  return lines.flatMap((line, i): readonly RecordedFrame[] => {
    if (line.path !== undefined && line.dir !== 'ctl') vsns.set(line.conn, vsnOf(line.path))
    const common = {
      title: `${name}:${i + 2}`,
      from: line.dir === 'send' ? 'client' : 'server',
      vsn: vsns.get(line.conn) ?? '2.0.0',
    } as const
    return frames(line).map((frame) => ({ ...common, frame }))
  })
}

const frames = ({
  dir,
  opcode,
  text,
  base64 = '',
  phase,
  body = '',
}: RecordedLine): RecordedFrame['frame'][] => {
  if (dir === 'http') return phase === 'response' && body.includes('"messages"') ? polled(body) : []
  if (opcode === 'binary') return [new Uint8Array(Buffer.from(base64, 'base64'))]
  return opcode === 'text' && text !== undefined ? [text] : []
}

const polled = (body: string): string[] => (JSON.parse(body) as { readonly messages: string[] }).messages

/** Without `vsn` in its address a connection speaks version 1.0.0. */
const vsnOf = (path: string): '1.0.0' | '2.0.0' => (/[?&]vsn=2/.test(path) ? '2.0.0' : '1.0.0')
