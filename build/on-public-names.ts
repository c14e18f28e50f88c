import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** An entry beside the core that other entries import from. */
export type PublicEntry = 'live-state' | 'angular'

interface PublicFile {
  readonly names: readonly string[]
  readonly from: string
}

/** The values that an index exports, by the file that each is from. */
const publicFiles = (from: string, index: string): readonly (readonly [string, PublicFile])[] => {
  const path = fileURLToPath(new URL(`../lib/${index}`, import.meta.url))
  return [...readFileSync(path, 'utf8').matchAll(/^export \{([^}]*)\} from '([^']+)'/gms)].map(
    ([, names = '', file = '']) => [
      resolve(dirname(path), file),
      {
        from,
        names: names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '' && !name.startsWith('type ')),
      },
    ],
  )
}

const PREFIX = '\0public:'

/**
 * For the entries beside the core: what they use of its public names comes from `rx-phoenix`, so that there is one class
 * of each error, and one socket, for all of them; and what they use of further entries comes from those, so that there is one
 * token of the socket, and no live state where nobody uses it. What else they use is inlined.
 */
export const onPublicNames = (
  ...entries: readonly PublicEntry[]
): {
  readonly name: string
  readonly resolveId: {
    readonly order: 'pre'
    readonly handler: (id: string, importer: string | undefined) => string | undefined
  }
  readonly load: (id: string) => string | undefined
} => {
  const files: ReadonlyMap<string, PublicFile> = new Map([
    ...publicFiles('rx-phoenix', 'index.ts'),
    ...entries.flatMap((entry) => publicFiles(`rx-phoenix/${entry}`, `${entry}/index.ts`)),
  ])
  return {
    name: 'on-public-names',
    resolveId: {
      order: 'pre',
      handler: (id, importer) => {
        if (importer === undefined || importer.startsWith(PREFIX) || !id.startsWith('.')) return undefined
        const file = resolve(dirname(importer), id)
        return (files.get(file)?.names.length ?? 0) > 0 ? PREFIX + file : undefined
      },
    },
    load: (id) => {
      if (!id.startsWith(PREFIX)) return undefined
      const path = id.slice(PREFIX.length)
      const { names, from } = files.get(path) ?? { names: [], from: '' }
      // A name that is exported explicitly goes before that of the star.
      return `export { ${names.join(', ')} } from '${from}'\nexport * from ${JSON.stringify(path)}\n`
    },
  }
}
