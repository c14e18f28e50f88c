import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const INDEX = fileURLToPath(new URL('../lib/index.ts', import.meta.url))

/** The values that `lib/index.ts` exports, by the file that each is from. */
const publicNames: ReadonlyMap<string, readonly string[]> = new Map(
  [...readFileSync(INDEX, 'utf8').matchAll(/^export \{([^}]*)\} from '([^']+)'/gms)].map(
    ([, names = '', from = '']) => [
      resolve(dirname(INDEX), from),
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type ')),
    ],
  ),
)

const PREFIX = '\0public:'

/**
 * For the entries beside the core: what they use of its public names comes from `rx-phoenix`, so that there is one class
 * of each error, and one socket, for all of them. What else they use is inlined.
 */
export const onPublicNames = {
  name: 'on-public-names',
  resolveId: {
    order: 'pre' as const,
    handler: (id: string, importer: string | undefined): string | undefined => {
      if (importer === undefined || importer.startsWith(PREFIX) || !id.startsWith('.')) return undefined
      const file = resolve(dirname(importer), id)
      return (publicNames.get(file) ?? []).length > 0 ? PREFIX + file : undefined
    },
  },
  load: (id: string): string | undefined => {
    if (!id.startsWith(PREFIX)) return undefined
    const file = id.slice(PREFIX.length)
    // A name that is exported explicitly goes before that of the star.
    return `export { ${publicNames.get(file)?.join(', ')} } from 'rx-phoenix'\nexport * from ${JSON.stringify(file)}\n`
  },
}
