import { Readable } from 'node:stream'
import { type Line, readLines } from '../../lib/cli/pipe/read-lines.ts'
import { printOn } from '../../lib/cli/print-line.ts'

const linesOf = async (...chunks: readonly string[]): Promise<readonly Line[]> => {
  const lines: Line[] = []
  for await (const line of readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk, 'latin1')))))
    lines.push(line)
  return lines
}

/** The bytes of U+FEFF in UTF-8. */
const MARK = '\xef\xbb\xbf'

describe('lines of standard input', () => {
  it.each([
    ['in one chunk', [`${MARK}{"n":1}\n{"n":2}`]],
    ['cut through', ['\xef', '\xbb\xbf{"n":', '1}\n{"n":2}']],
  ])('begin after a byte order mark, %s', async (_case, chunks) => {
    expect(await linesOf(...chunks)).toEqual([
      { number: 1, text: '{"n":1}', bytesRead: 11 },
      { number: 2, text: '{"n":2}', bytesRead: 18 },
    ])
  })

  it('begin after a byte order mark where there is one line, without an end', async () => {
    expect(await linesOf(`${MARK}1`)).toEqual([{ number: 1, text: '1', bytesRead: 4 }])
  })

  it('keep what is no mark, since it begins no file', async () => {
    expect(await linesOf(`\n${MARK}1\n`)).toEqual([{ number: 2, text: '\uFEFF1', bytesRead: 6 }])
  })
})

describe('a line of standard output', () => {
  it.each([
    ['null for nothing, as a reply without a response has', undefined, 'null\n'],
    ['null for null', null, 'null\n'],
    ['what is there', false, 'false\n'],
  ])('is %s', (_case, value, line) => {
    const written: string[] = []
    printOn({ write: (text) => written.push(text) })(value)
    expect(written).toEqual([line])
  })
})
