import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** The titles of the tests of a file, as they stand there: those of `it.each` with their placeholders. */
export const testTitles = (file: string): ReadonlySet<string> => {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const titles: Set<string> = new Set()
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(it|test)\b/.test(node.expression.getText(source))) {
      const [title] = node.arguments
      if (title && ts.isStringLiteralLike(title)) titles.add(title.text)
    }
    node.forEachChild(visit)
  }
  visit(source)
  return titles
}
