import { createHash } from 'node:crypto'

/** The data that is embedded in the page. */
export type Page =
  /** The address of the script, beside the page. */
  | { readonly title: string; readonly script: string }
  /** The script itself, and a session that it shows: nothing is loaded. */
  | { readonly title: string; readonly inline: string; readonly session: string }

/** The page as HTML. The script draws all that is in it. */
export const pageHtml = (page: Page): string => {
  const [policy, scripts] =
    'script' in page
      ? ['', `<script type="module" src="${escaped(page.script)}"></script>`]
      : [policyFor(inScript(page.inline)), `${dataOf(page.session)}\n${inlined(inScript(page.inline))}`]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">${policy}
<meta name="viewport" content="width=device-width">
<title>${escaped(page.title)}</title>
<body>
${scripts}
</body>
</html>
`
}

const policyFor = (script: string): string => {
  const hash = createHash('sha256').update(script).digest('base64')
  return `\n<meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'sha256-${hash}'">`
}

const inlined = (script: string): string => `<script type="module">${script}</script>`

/** Nothing in it may end the element: what looks like that is within texts. */
const inScript = (script: string): string => script.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3c`)

/** JSON, in which no character of markup is left. */
const dataOf = (session: string): string =>
  `<script type="application/json" id="session">${JSON.stringify(session).replaceAll('<', String.raw`\u003c`)}</script>`

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
