import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPage } from '../docs/page.ts'
import { ROOT } from './copy.ts'

/** The tests that the rows of docs/coming-from and docs/wishes.md cite: `path › title`. */
export const citedTests = (): ReadonlySet<string> => {
  const pages = ['docs/wishes.md', ...readdirSync(join(ROOT, 'docs/coming-from')).map(inComingFrom)]
  const proofs = pages.flatMap((page) =>
    readPage(readFileSync(join(ROOT, page), 'utf8')).rows.flatMap(({ proof }) => proof.split('<br>')),
  )
  return new Set(proofs.filter((proof) => proof.includes(' › ')).map(plain))
}

const inComingFrom = (name: string): string => `docs/coming-from/${name}`

const plain = (proof: string): string => proof.trim().replace(/^`([^`]+)`/, '$1')
