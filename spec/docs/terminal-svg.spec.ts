import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/run-script.ts'
import { shortened, terminalSvg } from './terminal-svg.ts'

/** What one can read in a picture. */
const textOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>(.*)<\/text>/g)].map(([, text = '']) =>
    text
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&'),
  )

describe('terminalSvg', () => {
  it('shows each line as it is, whatever is in it', () => {
    const lines = ['$ npm start', '1.2 s  socket  open', '<a & "b">', '', 'OK: all']
    expect(textOf(terminalSvg('a title', lines))).toEqual(lines)
  })

  it('cuts long lines, and marks the cut', () => {
    expect(textOf(terminalSvg('', ['x'.repeat(200)]))).toEqual([`${'x'.repeat(117)}…`])
  })

  it('marks good news and bad news', () => {
    const svg = terminalSvg('', ['1.2 s  feed    joined again', '1.3 s  socket  waiting 8 ms'])
    expect(svg).toContain('<tspan class="good">joined again</tspan>')
    expect(svg).toContain('<tspan class="bad">waiting 8 ms</tspan>')
  })
})

describe('shortened', () => {
  it('leaves out the middle of a long run of one kind only', () => {
    const isDigit = (line: string): boolean => /\d/.test(line)
    expect(shortened(['a', '1', '2', '3', '4', '5', 'b'], isDigit, 1)).toEqual([
      'a',
      '1',
      '         … 3 lines',
      '5',
      'b',
    ])
    expect(shortened(['1', '2', '3', 'a', 'b', 'c', 'd'], isDigit, 1)).toEqual([
      '1',
      '2',
      '3',
      'a',
      'b',
      'c',
      'd',
    ])
  })
})

describe('docs/images/demo.svg', () => {
  it('shows a run that went well, with a cut and a kill in it', () => {
    const lines = textOf(readFileSync(join(ROOT, 'docs/images/demo.svg'), 'utf8'))
    expect(lines[0]).toBe('$ npm start')
    expect(lines.join('\n')).toMatch(/socket {2}waiting .* 1006/)
    expect(lines.join('\n')).toContain('joined again')
    expect(lines.join('\n')).toContain('kill -9')
    expect(lines.at(-1)).toMatch(/^OK: every event was counted once/)
  })
})
