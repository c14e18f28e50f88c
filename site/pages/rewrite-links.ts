import { posix } from 'node:path'
import { type Sources } from './sources.ts'

/** `[label](target "title")`, an image with a `!` before it; a label may have brackets in it. */
const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^\s()]+)(\s+"(?:[^"\\]|\\.)*")?\)/g

/**
 * Makes the links of a page fit the site. What is a page there is linked as one; pictures are beside the pages; any other
 * file of the project is linked in its repository, or, as long as that has no address, is text without a link.
 */
export const rewriteLinks = (
  markdown: string,
  source: string,
  sources: Sources,
  repository: string | undefined,
): string => {
  const rewrite = (text: string): string =>
    text.replace(LINK, (link, image: string, label: string, target: string, title = '') => {
      if (/^([a-z]+:|#|\/)/i.test(target)) return link
      const [path = '', hash] = target.split('#')
      const file = posix.join(posix.dirname(source), path).replace(/\/$/, '')
      if (image !== '') return `![${label}](/${file.replace(/^docs\//, '')})`
      const page = [file, `${file}/README.md`, `${file}/index.md`].flatMap(
        (name) => sources.get(name) ?? [],
      )[0]
      const inside = rewrite(label)
      if (page !== undefined) return `[${inside}](/${page}${hash === undefined ? '' : `#${hash}`}${title})`
      return repository === undefined ? inside : `[${inside}](${repository}/blob/main/${file}${title})`
    })
  return markdown
    .split(/(^```[^]*?^```$)/m)
    .map((part, i) => (i % 2 === 0 ? rewrite(part) : part))
    .join('')
}
