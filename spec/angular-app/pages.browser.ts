import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startChromium } from '../browser/support/chromium.ts'
import { running } from '../support/running.ts'
import { startEmber } from './support/ember-server.ts'
import { visit } from './support/visitor.ts'

const example = join(import.meta.dirname, '../../examples/angular-ngrx')

describe('the pages for those who make the application of Angular and NgRx', () => {
  const browser = running(startChromium)
  const visitor = running(() => visit(browser()), 'each')
  const states = running(() => startEmber('temp/states/browser'))
  const development = running(() => startEmber('temp/development/browser'))

  it('show all states of its parts, and shut nobody out in any of them', async () => {
    const page = visitor()
    await page.open(states().url, 'section ember-todo-list li')
    await page.sees('[data-status=waiting]', 'retry in')
    await page.sees('[data-delivery=refused]', 'you have just said that')
    await page.sees('[aria-label="The server has no list"] [role=alert]', 'could not be loaded')
    await page.sees('[aria-label="People, one of them types"] li', 'typing …')
    await page.sees('[aria-label="Said, and somebody types"] .typing', 'Bob is typing')
    expect(await page.texts('section .text[role=status]')).toEqual([
      'Connecting …',
      'Live',
      'Offline',
      'Asleep while the page is hidden',
      'The server refuses to talk',
    ])
    expect(
      await page.run<(string | null)[]>(
        `[...document.querySelectorAll('section li[data-delivery]:not([data-delivery=sent])')].map(
           (each) => each.dataset.delivery,
         )`,
      ),
    ).toEqual(['sending', 'queued', 'retrying', 'refused'])
    expect(await page.texts('section:has(li.pending) .text')).toHaveLength(3)
    await page.picture('states-desktop', 'desktop')
    await page.picture('states-phone-dark', 'phone', 'dark')
  })

  it('have a button in development that shows the socket as marble diagrams, and none in production', async () => {
    const page = visitor()
    await page.open(development().url)
    await page.click('button.inspect')
    await page.until(`document.querySelector('rx-phoenix-inspector')?.shadowRoot?.childElementCount > 0`)
    await page.click('button.inspect')
    await page.until(`document.querySelector('rx-phoenix-inspector') === null`)

    const folder = join(example, 'dist/browser')
    const files = (await readdir(folder)).filter((file) => file.endsWith('.js'))
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
    expect(texts.some((text) => text.includes('ember-sign-in'))).toBe(true)
    expect(texts.filter((text) => text.includes('inspector'))).toEqual([])
  })
})
