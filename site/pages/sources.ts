import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where each page of the site comes from: its file in the project, and its file on the site. */
export type Sources = ReadonlyMap<string, string>

/** The folder into which TypeDoc writes the reference, before its pages get their places. */
export const REFERENCE = 'temp/reference'

const atTheTop: Sources = new Map([
  ['README.md', 'introduction.md'],
  ['CHANGELOG.md', 'changelog.md'],
  ['CONTRIBUTING.md', 'contributing.md'],
  ['SECURITY.md', 'security-policy.md'],
  ['docs/README.md', 'guides.md'],
])

/** Every page that is written by hand, and every page of the reference. */
export const sourcesOf = (root: string): Sources => {
  const markdownIn = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => file.replaceAll('\\', '/'))
  const examples = readdirSync(join(root, 'examples')).filter((name) =>
    existsSync(join(root, 'examples', name, 'README.md')),
  )
  return new Map([
    ...markdownIn('docs').map((file) => [`docs/${file}`, asIndex(file)] as const),
    ...atTheTop,
    ['examples/README.md', 'examples/index.md'],
    ...examples.map((name) => [`examples/${name}/README.md`, `examples/${name}.md`] as const),
    ...(existsSync(join(root, REFERENCE))
      ? markdownIn(REFERENCE).map((file) => [`${REFERENCE}/${file}`, inReference(file)] as const)
      : []),
  ])
}

/** A README is what a folder shows. */
const asIndex = (file: string): string => file.replace(/(^|\/)README\.md$/, '$1index.md')

/** TypeDoc names the entry points by their files: `index` is the package itself. */
const inReference = (file: string): string => `reference/${file.replace(/^index\//, 'rx-phoenix/')}`
