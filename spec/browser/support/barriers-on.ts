import { createRequire } from 'node:module'
import { type AxeResults } from 'axe-core'
import { type Page } from 'playwright-core'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What each rule of axe that is broken says, and where; rules that Lighthouse weighs are among those of axe. */
export const barriersOn = async (page: Page): Promise<readonly string[]> => {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.addScriptTag({ path: axe })
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join(', ')})`,
  )
}
