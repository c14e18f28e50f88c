import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Row } from './page.ts'
import { testTitles } from './test-titles.ts'

const root = join(import.meta.dirname, '../..')

/** A test that a page cites: the path of its file from the root of the project, and its title. */
export interface Citation {
  readonly file: string
  readonly title: string
}

/** The tests that a text cites, as links whose tooltip is the title: `[wake](../marble-tests/wake.marbles.ts "probes …")`. */
export const citationsIn = (text: string): readonly Citation[] =>
  [...text.matchAll(/\]\((?:\.\.\/)+([^\s)]+\.ts) "((?:[^"\\]|\\.)*)"\)/g)].map(
    ([, file = '', title = '']) => ({
      file,
      title: title.replaceAll(/\\(["|])/g, '$1'),
    }),
  )

export const isOffered = ({ ours }: Row): boolean => !ours.startsWith('not offered')

/** Rows that offer something and cite no test, or offer nothing and give no reason. */
export const withoutProof = (rows: readonly Row[]): readonly string[] =>
  rows
    .filter((row) =>
      isOffered(row)
        ? citationsIn(row.proof).length === 0
        : row.proof !== '–' || !/^not offered( yet)?, because ./.test(row.ours),
    )
    .map(({ theirs }) => theirs)

/**
 * Titles of which little is left without their placeholders: `%s`, or `does: %s`. A reader cannot tell from them what is
 * proved.
 */
export const bareTitles = (text: string): readonly string[] =>
  [
    ...[...text.matchAll(/ › (.+?)(?=<br>| \||\)?\.?\n)/g)].map(([, title = '']) => title),
    ...titlesIn(text),
  ].filter((title) => (title.replaceAll(/%\w|\$\w+/g, '').match(/\w{2,}/g) ?? []).length < 3)

const titlesIn = (text: string): readonly string[] => citationsIn(text).map(({ title }) => title)

/** Cited tests that do not exist. */
export const missingTests = (citations: readonly Citation[]): readonly Citation[] =>
  citations.filter(
    ({ file, title }) => !existsSync(join(root, file)) || !testTitles(join(root, file)).has(title),
  )
