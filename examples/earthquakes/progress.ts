import { type WriteStream } from 'node:tty'

/** Where progress is shown: lines that stay, and a bar that moves, where there is a terminal to move it on. */
export interface Progress {
  line(text: string): void
  bar(done: number, total: number, text: string): void
  /** Takes the bar away. */
  end(): void
}

type Output = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** The bar on a terminal; plain lines alone in a pipe, a file, or where `CI` is set. */
export const progress = (output: Output, ci: boolean): Progress =>
  output.isTTY && !ci ? moving(output) : plain(output)

const plain = (output: Output): Progress => ({
  line: (text) => {
    output.write(`${text}\n`)
  },
  bar: () => undefined,
  end: () => undefined,
})

const CLEAR = '\r\u001b[2K'
const REDRAW_MS = 50
const WIDTH = 24

const moving = (output: Output): Progress => {
  let shown = ''
  let drawnAt = -Infinity
  const draw = (text: string): void => {
    shown = text.slice(0, (output.columns ?? 80) - 1)
    output.write(CLEAR + shown)
  }
  return {
    line: (text) => {
      output.write(`${CLEAR}${text}\n${shown}`)
    },
    bar: (done, total, text) => {
      const now = performance.now()
      if (now - drawnAt < REDRAW_MS) return
      drawnAt = now
      draw(`${drawBar(done, total)} ${text}`)
    },
    end: () => {
      draw('')
    },
  }
}

/** `████████░░░░ 66 %` */
export const drawBar = (done: number, total: number): string => {
  const share = total > 0 ? Math.min(1, done / total) : 0
  const full = Math.round(share * WIDTH)
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${`${Math.floor(share * 100)}`.padStart(3)} %`
}
