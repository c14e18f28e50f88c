import { type WriteStream } from 'node:tty'

export type Tone = 'plain' | 'good' | 'warning' | 'bad' | 'faint'

/** Messages for the user, on standard error: lines that stay, and on a terminal one that is rewritten. */
export interface Status {
  tell(text: string, tone?: Tone): void
  /** Shows the current progress, in place of what it showed before. Does nothing without a terminal. */
  show(text: string): void
  /** True if `show` shows. */
  readonly moves: boolean
}

export type Output = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>

type Environment = Readonly<Record<string, string | undefined>>

const CLEAR = '\r\u001b[2K'

const colours: Readonly<Record<Tone, string>> = {
  plain: '',
  good: '\u001b[32m',
  warning: '\u001b[33m',
  bad: '\u001b[31m',
  faint: '\u001b[2m',
}

/** Writes to this output. With `quiet` only errors. */
export const statusOn = (output: Output, env: Environment, quiet = false): Status => {
  const moves = output.isTTY === true && !quiet
  const paint = painter(output, env)
  let shown = ''
  return {
    moves,
    tell: (text, tone = 'plain') => {
      if (quiet && tone !== 'bad') return
      // Indented, so that a text of the server cannot pass for a line of ours.
      const line = paint(printable(text).replaceAll('\n', '\n  '), tone)
      output.write(moves ? `${CLEAR}${line}\n${shown}` : `${line}\n`)
    },
    show: (text) => {
      const { columns = 0 } = output // 0 as well where a terminal does not say
      const next = printable(text)
        .replaceAll('\n', ' ')
        .slice(0, (columns > 0 ? columns : 80) - 1)
      if (!moves || next === shown) return
      shown = next
      output.write(CLEAR + shown)
    },
  }
}

/** Colours for a terminal, unless NO_COLOR is set (https://no-color.org) or the terminal is a dumb one. */
export const painter = (output: Output, env: Environment): ((text: string, tone: Tone) => string) => {
  const coloured = output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return (text, tone) => (coloured && colours[tone] !== '' ? `${colours[tone]}${text}\u001b[0m` : text)
}

/** Without control characters: text of a server must not move the cursor of a terminal or change its direction. */
export const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- these are what it is about
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Bidi_Control}]/gu, '\ufffd')
