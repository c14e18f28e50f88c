import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { citationsIn } from '../docs/proofs.ts'
import { ROOT } from './copy.ts'

/** The tests that the rows of docs/coming-from and docs/wishes.md cite: `path › title`. */
export const citedTests = (): ReadonlySet<string> => {
  const pages = ['docs/wishes.md', ...readdirSync(join(ROOT, 'docs/coming-from')).map(inComingFrom)]
  const citations = pages.flatMap((page) => citationsIn(readFileSync(join(ROOT, page), 'utf8')))
  return new Set(citations.map(({ file, title }) => `${file} › ${title}`))
}

const inComingFrom = (name: string): string => `docs/coming-from/${name}`
