import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DefaultTheme, defineConfig } from 'vitepress'

const pages = join(import.meta.dirname, '../../temp/site-pages')
const base = process.env['DOCS_BASE'] ?? '/'

/** The links of a page, in their order: docs/README.md decides what is in the sidebar, and in which part. */
const linksIn = (markdown: string): DefaultTheme.SidebarItem[] =>
  [...markdown.matchAll(/^(?:\| |- )\[([^\]]+)\]\((\/[^)#]+)\)/gm)].map(([, text, link]) => ({
    text: text!.replaceAll('`', ''),
    link: link!.replace(/\.md$/, ''),
  }))
const read = (page: string): string => readFileSync(join(pages, page), 'utf8')
const [, toUse = '', toTrust = ''] = read('guides.md').split('| | |\n')

const entries = !existsSync(join(pages, 'reference'))
  ? []
  : readdirSync(join(pages, 'reference'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
const kinds = ['functions', 'classes', 'interfaces', 'type-aliases', 'variables']

/** The names of one entry point, and the way to the others: with the names of all, each page would be 200 kB. */
const namesOf = (entry: string): DefaultTheme.SidebarItem[] => [
  ...kinds
    .filter((kind) => existsSync(join(pages, 'reference', entry, kind)))
    .map((kind) => ({
      text: kind.replace('-', ' '),
      items: readdirSync(join(pages, 'reference', entry, kind))
        .sort()
        .map((file) => file.replace('.md', ''))
        .map((file) => ({ text: file, link: `/reference/${entry}/${kind}/${file}` })),
    })),
  {
    text: 'Entry points',
    items: entries.map((name) => ({ text: importOf(name), link: `/reference/${name}/` })),
  },
]
const importOf = (entry: string): string => (entry === 'rx-phoenix' ? entry : `rx-phoenix/${entry}`)

/** Headings have the same addresses as on GitHub. */
const slugify = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

/** The rules of the style in each picture, once for the whole site, and with its dark half for the site's own switch. */
const marbleStyle = (): string => {
  const folder = join(pages, 'public/images/marbles')
  const svg = readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8')
  const [, style = ''] = /<style>([^]*)<\/style>/.exec(svg) ?? []
  const [light = '', dark = ''] = style.split('@media (prefers-color-scheme: dark) {')
  const scoped = (rules: string, scope: string): string =>
    [...rules.matchAll(/([\w. ]+)\{([^}]*)\}/g)]
      .map(([, name, body]) => `${scope} ${name!.trim()}{${body}}`)
      .join('')
  return `${scoped(light, '.marbles')}${scoped(dark, '.dark .marbles')}`
}

export default defineConfig({
  title: 'rx-phoenix',
  description: 'The RxJS client for Phoenix Channels',
  base,
  srcDir: '../temp/site-pages',
  outDir: '../temp/site',
  cacheDir: '../temp/site-cache',
  lang: 'en',
  // A guide may link to what runs on the reader's own machine.
  ignoreDeadLinks: 'localhostLinks',
  head: [
    ['style', {}, marbleStyle()],
    ['link', { rel: 'icon', href: 'data:,' }],
  ],
  markdown: {
    anchor: { slugify },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (md) => {
      const image = md.renderer.rules.image!
      md.renderer.rules.image = (tokens, i, ...rest) => {
        const src = tokens[i]!.attrGet('src') ?? ''
        if (!src.startsWith('/images/marbles/')) return image(tokens, i, ...rest)
        const svg = readFileSync(join(pages, 'public', src), 'utf8').replace(/<style>[^]*<\/style>\n/, '')
        return `<span class="marble-diagram" style="display:block" tabindex="0" role="group" aria-label="Marble diagram" v-pre>${svg.replaceAll('\n', '')}</span>`
      }
      // A wide table scrolls on a phone; with the keyboard too.
      md.renderer.rules.table_open = () => '<table tabindex="0">\n'
      // A table whose head is empty has no head.
      md.core.ruler.push('no-empty-heads', ({ tokens }) => {
        tokens.forEach((token, i) => {
          if (token.type !== 'th_open' || tokens[i + 1]?.content !== '') return
          token.tag = 'td'
          tokens[i + 2]!.tag = 'td'
        })
      })
    },
  },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('rx-phoenix-') } } },
  vite: {
    resolve: {
      // The client as browsers get it.
      alias: [{ find: /^\.\/(.*)-node\.ts$/, replacement: './$1-browser.ts' }],
    },
    build: { chunkSizeWarningLimit: 2_000 },
  },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Introduction', link: '/introduction' },
      { text: 'Guides', link: '/guides' },
      { text: 'Rules', link: '/rules' },
      { text: 'Examples', link: '/examples/' },
      { text: 'Reference', link: '/reference/' },
    ],
    sidebar: {
      ...Object.fromEntries(entries.map((entry) => [`/reference/${entry}/`, namesOf(entry)])),
      '/reference/': [
        {
          text: 'Entry points',
          items: entries.map((name) => ({ text: importOf(name), link: `/reference/${name}/` })),
        },
      ],
      '/errors/': [
        {
          text: 'Errors',
          items: readdirSync(join(pages, 'errors')).map((tag) => ({ text: tag, link: `/errors/${tag}/` })),
        },
      ],
      '/': [
        {
          text: 'Start',
          items: [
            { text: 'Introduction', link: '/introduction' },
            { text: 'Examples', link: '/examples/' },
          ],
        },
        { text: 'Guides', items: linksIn(toUse) },
        { text: 'Coming from', items: linksIn(read('coming-from/index.md')) },
        {
          text: 'How it is made',
          items: [...linksIn(toTrust), { text: 'Changelog', link: '/changelog' }],
        },
      ],
    },
  },
})
