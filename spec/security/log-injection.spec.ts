import { jest } from '@jest/globals'
import { printOn } from '../../lib/cli/print-line.ts'
import { statusOn } from '../../lib/cli/status.ts'
import { ConnectionClosed, consoleTrace, type TraceEvent } from '../../lib/index.ts'
import { printProblems } from '../../lib/server/trace.ts'

/** Ends a line and begins one of its own, moves the cursor, in two ways, and turns the direction of writing. */
const HOSTILE = 'x\r\nconnection: open\u001b[2J\u009b2J\u007f\u2028y\u2029\u202ez\u2066'
// eslint-disable-next-line no-control-regex -- these are what it is about
const ACTIVE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

const written = (): { readonly output: { write(text: string): boolean }; readonly text: () => string } => {
  const texts: string[] = []
  return { output: { write: (text) => texts.push(text) > 0 }, text: () => texts.join('') }
}

const cause = new ConnectionClosed({ code: 1008, reason: HOSTILE, wasClean: true })
const events: readonly TraceEvent[] = [
  {
    type: 'connection',
    atMs: 0,
    number: 1,
    state: { status: 'waiting', attempt: 1, retryInMs: 5, cause },
    cause: undefined,
  },
  { type: 'connection', atMs: 0, number: 1, state: { status: 'idle' }, cause },
  { type: 'channel', atMs: 0, topic: HOSTILE, connectionId: 1, state: { status: 'joined' } },
  {
    type: 'frame-in',
    atMs: 0,
    connectionId: 1,
    durationMs: 0,
    frame: HOSTILE,
    byteLength: 9,
    message: undefined,
  },
]

describe('a text of the other side', () => {
  it.each(events.map((event) => [event.type, event] as const))(
    'stays within one line of consoleTrace, in %s',
    (_type, event) => {
      const lines: string[] = []
      const sink = { error: print, info: print, debug: print }
      function print(line: string): void {
        lines.push(line)
      }
      consoleTrace({ level: 'frames', sink })(event)
      expect(lines).toHaveLength(1)
      expect(lines[0]).not.toMatch(/[\n\u2028\u2029]/)
      expect(lines[0]).not.toMatch(ACTIVE)
      expect(lines[0]).toContain(String.raw`\u000d\u000aconnection`)
    },
  )

  it('stays within the indented lines of a status of the command line', () => {
    const { output, text } = written()
    statusOn(output, {}).tell(`room:a: ${HOSTILE}`)
    expect(text().trimEnd()).not.toMatch(ACTIVE)
    expect(text().trimEnd().split('\n').slice(1)).toEqual([expect.stringMatching(/^ {2}connection: open/)])
  })

  it('stays within the one line that moves on a terminal', () => {
    const { output, text } = written()
    statusOn(Object.assign(output, { isTTY: true, columns: 200 }), {}).show(HOSTILE)
    // eslint-disable-next-line no-control-regex -- what clears the line
    expect(text()).toMatch(/^\r\u001b\[2K/)
    expect(text().slice(5)).not.toMatch(ACTIVE)
    expect(text()).not.toContain('\n')
  })

  it('stays within one line of data, which parses to the same', () => {
    const { output, text } = written()
    printOn(output)({ payload: HOSTILE })
    expect(text()).toMatch(/^[^\n]*\n$/)
    expect(text().trimEnd()).not.toMatch(ACTIVE)
    expect(JSON.parse(text())).toEqual({ payload: HOSTILE })
  })

  it('stays within the lines of the embedded server, whatever the client calls its topic', () => {
    const print = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    printProblems({ _tag: 'ChannelCrashed', topic: `%s${HOSTILE}`, event: '%o', error: new Error(HOSTILE) })
    printProblems({ _tag: 'MalformedFrame', path: '/socket', frame: HOSTILE, error: {} })
    const printed = print.mock.calls
    print.mockRestore()
    expect(printed.map((line) => line.length)).toEqual([1, 1])
    for (const [line] of printed as unknown as [string][]) {
      expect(line).not.toMatch(ACTIVE)
      for (const further of line.split('\n').slice(1)) expect(further).toMatch(/^ {2}/)
    }
    expect(printed[0]?.[0]).toContain('channel "%sx')
  })
})
