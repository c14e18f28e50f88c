/** One row of docs/errors.md: an error, and what there is to know about it. */
interface ErrorRow {
  readonly tag: string
  readonly section: string
  readonly when: string
  readonly fields: string
  readonly whatToDo: string
}

const rowsOf = (errors: string): readonly ErrorRow[] =>
  errors.split(/^## /m).flatMap((section) => {
    const [title = ''] = section.split('\n')
    return [...section.matchAll(/^\| <a id="(\w+)"><\/a>`\w+` \| (.+?) \| (.+?) \| (.+?) \|$/gm)].map(
      ([, tag = '', when = '', fields = '', whatToDo = '']) => ({
        tag,
        section: title,
        when,
        fields,
        whatToDo,
      }),
    )
  })

/**
 * A page for each error, by its `_tag`: from its row in docs/errors.md, and from its comment and the table of its fields in the
 * reference. The short texts of production builds name these pages.
 *
 * @param referenceOf - the page of the reference of a class, if there is one.
 */
export const errorPages = (
  errors: string,
  referenceOf: (tag: string) => string | undefined,
): ReadonlyMap<string, string> =>
  new Map(
    rowsOf(errors).map(({ tag, section, when, fields, whatToDo }) => {
      const reference = referenceOf(tag) ?? ''
      const [, comment = ''] = /^# .*\n+([^#]*?)\n+## /.exec(reference) ?? []
      const [, table = ''] = /^## Properties\n+([^]*?)(?=\n## |$(?![^]))/m.exec(reference) ?? []
      return [
        tag,
        `# ${tag}

${sentence(when)}

| | |
|---|---|
| what to do | ${sentence(whatToDo)} |
| fields | ${fields} |
| appears under | [${section}](../errors.md#${tag}) |

\`\`\`ts
if (error._tag === '${tag}') console.log(error.message)
\`\`\`

${comment === '' ? '' : `## In detail\n\n${comment}\n\n`}${fieldsOf(table)}
`,
      ] as const
    }),
  )

const sentence = (text: string): string => {
  const trimmed = text.trim().replace(/[.:]$/, '')
  return `${trimmed.slice(0, 1).toUpperCase()}${trimmed.slice(1)}.`
}

/** What a reader needs of the fields: neither that they are read-only nor the tag, and no anchors, which would be there twice. */
const fieldsOf = (table: string): string => {
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.replaceAll(/<a id="[^"]*"><\/a> ?/g, '').split(/(?<!\\)\|/))
  const columns = ['Property', 'Type', 'Description'].map((name) =>
    (rows[0] ?? []).findIndex((cell) => cell.trim() === name),
  )
  return rows
    .filter((cells) => !cells.some((cell) => cell.trim() === '`_tag`'))
    .map((cells) => `|${columns.map((column) => cells[column] ?? ' ').join('|')}|`)
    .join('\n')
}
