import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'

/**
 * The links of a built site that lead nowhere: to a file that is not there, or to a place that the page does not have. And what
 * a page would load from another host.
 *
 * @param base - the path under which the site is served: `/` or, say, `/rx-phoenix/`.
 */
export const deadLinks = (folder: string, base: string): readonly string[] => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  )
  const htmlOf = new Map(
    files.map((file) => [file.replaceAll('\\', '/'), readFileSync(join(folder, file), 'utf8')]),
  )
  const anchors = new Map([...htmlOf].map(([file, html]) => [file, idsIn(html)]))

  return [...htmlOf].flatMap(([file, html]) => {
    const links = [...html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)].map(([, href = '']) => unescaped(href))
    const loaded = [...html.matchAll(/<(?:script|img|link|iframe)\b[^>]*?\s(?:src|href)="([^"]*)"/g)].map(
      ([, href = '']) => unescaped(href),
    )
    const dead = new Set(links.filter((href) => !/^[a-z]+:/i.test(href)).filter((href) => !leads(href, file)))
    return [
      ...[...dead].map((href) => `${file}: ${href}`),
      ...loaded.filter((href) => /^(https?:)?\/\//.test(href)).map((href) => `${file} loads ${href}`),
    ]
  })

  function leads(href: string, from: string): boolean {
    const [path = '', hash = ''] = href.split('#')
    if (path.startsWith('/') && !path.startsWith(base)) return false
    const target = path.startsWith('/') ? path.slice(base.length) : posix.join(posix.dirname(from), path)
    const page = path === '' ? from : pageAt(target)
    if (page === undefined) return false
    return hash === '' || anchors.get(page)?.has(decodeURIComponent(hash)) !== false
  }

  function pageAt(target: string): string | undefined {
    const path = decodeURIComponent(target)
    const found = [path, posix.join(path, 'index.html')].find(
      (file) => existsSync(join(folder, file)) && statSync(join(folder, file)).isFile(),
    )
    return found?.replace(/^\.\//, '')
  }
}

const idsIn = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id = '']) => unescaped(id)))

const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
