import { type ClassicLevel } from 'classic-level'
import { UsageError } from '../exit-code.ts'

/** The database of an outbox, in a folder: what the outbox and the progress of a run use of LevelDB. */
export type Store = ClassicLevel

/** Loads LevelDB, which only users of `--outbox` need and install. Throws `UsageError`. */
export const openStore = async (folder: string): Promise<Store> => {
  let level: { readonly ClassicLevel: typeof ClassicLevel }
  try {
    level = await import('classic-level')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new UsageError(
      code === 'ERR_MODULE_NOT_FOUND'
        ? '--outbox needs the package classic-level beside rx-phoenix: npm install classic-level ' +
            '(without an installation: npx -p rx-phoenix -p classic-level rx-phoenix pipe …).'
        : `--outbox needs the package classic-level, which cannot be loaded: ${message}`,
    )
  }
  return new level.ClassicLevel(folder)
}
