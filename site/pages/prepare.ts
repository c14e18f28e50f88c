import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorPages } from './error-pages.ts'
import { rewriteLinks } from './rewrite-links.ts'
import { REFERENCE, sourcesOf } from './sources.ts'

// Gathers the pages of the site in temp/site-pages, where VitePress reads them.
const root = join(import.meta.dirname, '../..')
const out = join(root, 'temp/site-pages')
rmSync(out, { recursive: true, force: true })

const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  repository?: { readonly url: string }
}
const address = repository?.url.replace(/^git\+/, '').replace(/\.git$/, '')

const write = (page: string, markdown: string): void => {
  mkdirSync(dirname(join(out, page)), { recursive: true })
  writeFileSync(join(out, page), markdown)
}

const errors = readFileSync(join(root, 'docs/errors.md'), 'utf8')
const inReference = (tag: string): string => `${REFERENCE}/index/classes/${tag}.md`
const pages = errorPages(errors, (tag) => {
  const file = join(root, inReference(tag))
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
})
const sources = sourcesOf(root)

for (const [source, page] of sources)
  write(page, rewriteLinks(readFileSync(join(root, source), 'utf8'), source, sources, address))
// As folders, so that every static host has them under the address errors/JoinRefused, without an ending.
for (const [tag, markdown] of pages)
  write(`errors/${tag}/index.md`, rewriteLinks(markdown, `docs/errors/${tag}.md`, sources, address))

write('index.md', readFileSync(join(root, 'site/index.md'), 'utf8'))
write(
  'decisions/index.md',
  `# Decisions\n\n${[...sources]
    .filter(([source]) => source.startsWith('docs/decisions/'))
    .sort()
    .map(
      ([source, page]) =>
        `- [${/^# (.+)$/m.exec(readFileSync(join(root, source), 'utf8'))?.[1] ?? page}](/${page})`,
    )
    .join('\n')}\n`,
)
cpSync(join(root, 'docs/images'), join(out, 'public/images'), { recursive: true })
