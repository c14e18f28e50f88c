import { readdirSync, readFileSync } from 'node:fs'

/** One line of a recording; see spec/fixtures/wire/README.md. */
export interface Line {
  readonly t_ms: number
  readonly dir: 'open' | 'send' | 'recv' | 'close' | 'http' | 'ctl' | 'note'
  readonly conn?: string
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly 'sec-websocket-protocol'?: string
  readonly opcode?: 'text' | 'binary' | 'ping' | 'pong' | 'close'
  readonly text?: string
  readonly base64?: string
  readonly code?: number
  readonly reason?: string
  readonly phase?: 'request' | 'response'
  readonly status?: number
  readonly body?: string
  readonly note?: string
}

export interface Recording {
  readonly name: string
  readonly vsn: string
  readonly lines: readonly Line[]
}

const folder = new URL('../../fixtures/wire/', import.meta.url)

/** Every recording, by the name of its file. */
export const recordings = (): readonly Recording[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .map((file) => {
      const [head, ...lines] = readFileSync(new URL(file, folder), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
      const vsn = file.includes('.v2.') ? '2.0.0' : '1.0.0'
      return { name: file.replace('.jsonl', ''), vsn, head, lines: lines as Line[] }
    })
