import { readFileSync } from 'node:fs'

/** The program of the page, as it was built beside this file. */
export const pageScript = (): string => readFileSync(new URL('inspect-page.js', import.meta.url), 'utf8')
