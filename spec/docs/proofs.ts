import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Row } from './page.ts'
import { testTitles } from './test-titles.ts'

const root = join(import.meta.dirname, '../..')

export const isOffered = ({ ours }: Row): boolean => !ours.startsWith('not offered')

/** Rows that offer something and name no test, or offer nothing and give no reason. */
export const withoutProof = (rows: readonly Row[]): readonly string[] =>
  rows
    .filter((row) =>
      isOffered(row)
        ? !row.proof.includes(' › ')
        : row.proof !== '–' || !/^not offered( yet)?, because ./.test(row.ours),
    )
    .map(({ theirs }) => theirs)

/**
 * Titles of which little is left without their placeholders: `%s`, or `does: %s`. A reader cannot tell from them what is
 * proved.
 */
export const bareTitles = (text: string): readonly string[] =>
  [...text.matchAll(/ › (.+?)(?=<br>| \||\)?\.?\n)/g)]
    .map(([, title = '']) => title)
    .filter((title) => (title.replaceAll(/%\w|\$\w+/g, '').match(/\w{2,}/g) ?? []).length < 3)

/** Tests that the rows name and that do not exist. */
export const missingTests = (rows: readonly Row[]): readonly string[] =>
  rows
    .flatMap(({ proof }) => (proof === '–' ? [] : proof.split('<br>')))
    .filter((proof) => {
      const [, file = '', title = ''] = /^`([^`]+)` › (.+)$/.exec(proof.trim()) ?? []
      return !existsSync(join(root, file)) || !testTitles(join(root, file)).has(title)
    })
