import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as ours from '../../lib/index.ts'
import { TaggedError } from '../../lib/protocol/tagged-error.ts'
import { deadLinks } from '../../site/pages/dead-links.ts'
import { errorPages } from '../../site/pages/error-pages.ts'
import { rewriteLinks } from '../../site/pages/rewrite-links.ts'
import { sourcesOf } from '../../site/pages/sources.ts'

const root = join(import.meta.dirname, '../..')

describe('a link on the site', () => {
  const sources = sourcesOf(root)
  const onSite = (link: string, source = 'docs/states.md', repository?: string): string =>
    rewriteLinks(link, source, sources, repository)

  it.each([
    ['to a page', '[e](errors.md#JoinRefused)', '[e](/errors.md#JoinRefused)'],
    ['to the README', '[start](../README.md)', '[start](/introduction.md)'],
    ['to a folder', '[e](../examples/sliding-windows)', '[e](/examples/sliding-windows.md)'],
    ['to a picture', '![a](images/marbles/s1-share.svg)', '![a](/images/marbles/s1-share.svg)'],
    ['to the page itself', '[a](#the-socket)', '[a](#the-socket)'],
    ['to another site', '[r](https://rxjs.dev)', '[r](https://rxjs.dev)'],
    ['to a file that is no page', '[`share`](../marble-tests/connection/share.marbles.ts)', '`share`'],
    ['with a title', '[t](../spec/a.ts "reads (x) and \\"y\\"")', 't'],
    ['in a block of code', '```md\n[e](errors.md)\n```', '```md\n[e](errors.md)\n```'],
  ])('%s', (_where, link, expected) => {
    expect(onSite(link)).toBe(expected)
  })

  it('leads to the repository, once that has an address, if it is to a file that is no page', () => {
    expect(onSite('[s](../lib/index.ts)', 'docs/states.md', 'https://example.com/r')).toBe(
      '[s](https://example.com/r/blob/main/lib/index.ts)',
    )
  })

  it('is from a page that has its place on the site: every guide and every example with a README', () => {
    expect(sources.get('docs/coming-from/README.md')).toBe('coming-from/index.md')
    expect(new Set(sources.values()).size).toBe(sources.size)
  })
})

describe('the page of an error', () => {
  const errors = readFileSync(join(root, 'docs/errors.md'), 'utf8')

  it('is there for each error that the package exports, under its _tag', () => {
    const tags = Object.entries(ours)
      .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Error)
      .map(([name]) => name)
    expect(tags.length).toBeGreaterThan(15)
    const pages = errorPages(errors, () => undefined)
    expect(tags.filter((tag) => !pages.has(tag))).toEqual([])
  })

  it('is named by the short message of the production build', () => {
    class Short extends TaggedError<'PushTimeout'> {}
    const { message } = new Short('PushTimeout', false, { event: 'new_msg', topic: 'room:lobby' })
    expect(message).toBe('"new_msg" on "room:lobby", see rx-phoenix/errors/PushTimeout')
    expect(errorPages(errors, () => undefined).has('PushTimeout')).toBe(true)
  })

  it('says when it comes and what to do, and has the comment and the fields of the reference', () => {
    const reference = `# Class: JoinRefused

A refusal.

## Extends

- x

## Properties

| Property | Modifier | Type | Description |
| ------ | ------ | ------ | ------ |
| <a id="t"></a> \`_tag\` | \`readonly\` | \`"JoinRefused"\` | - |
| <a id="p"></a> \`rejoin?\` | \`readonly\` | \`true\` \\| \`1\` | Whether. |
`
    const page = errorPages(errors, (tag) => (tag === 'JoinRefused' ? reference : undefined)).get(
      'JoinRefused',
    )
    expect(page).toContain('# JoinRefused\n\nThe server answered the join')
    expect(page).toMatch(/\| what to do \| .*rejoin/)
    expect(page).toContain('A refusal.')
    expect(page).toContain(
      '| Property | Type | Description |\n| ------ | ------ | ------ |\n| `rejoin?` | `true` \\| `1` | Whether. |\n',
    )
    expect(page).not.toContain('readonly')
  })
})

describe('the check of links', () => {
  const folder = mkdtempSync(join(tmpdir(), 'site-'))
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })
  const write = (file: string, html: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), html)
  }

  it('finds links to pages and places that are not there, beside the base, and what is loaded from elsewhere', () => {
    write(
      'index.html',
      '<a href="/base/a/"></a><a href="/base/a/#there"></a><a href="https://example.com/x"></a>',
    )
    write('a/index.html', '<h2 id="there"></h2><a class="x" href="../index.html"></a><img src="/base/i.svg">')
    expect(deadLinks(folder, '/base/')).toEqual([])

    write(
      'b.html',
      '<a href="/base/gone"></a><a href="/a/"></a><a href="#nowhere"></a><a href="/base/a/#b"></a>',
    )
    write('c.html', '<link rel="stylesheet" href="https://fonts.example.com/f.css">')
    expect(deadLinks(folder, '/base/')).toEqual([
      'b.html: /base/gone',
      'b.html: /a/',
      'b.html: #nowhere',
      'b.html: /base/a/#b',
      'c.html loads https://fonts.example.com/f.css',
    ])
  })
})
