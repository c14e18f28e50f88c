import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** The marble strings of one test. */
export interface StringsOfTest {
  /** By the name of the constant: `const sent = '-J--L'`, or `const link = cold('-o--#', …)`. */
  readonly named: ReadonlyMap<string, string>
  /** Every string in the test, without the spaces around it. */
  readonly all: ReadonlySet<string>
}

/** Reads a test by its title from the text of its file. Throws if there is no such test. */
export const stringsOfTest = (
  file: string,
  title: string,
  text: string = readFileSync(file, 'utf8'),
): StringsOfTest => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const test = findTest(source, title)
  if (test === undefined) throw new Error(`${file} has no test "${title}"`)

  const named: Map<string, string> = new Map()
  const all: Set<string> = new Set()
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) all.add(node.text.trim())
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
      const marbles = firstString(node.initializer)
      if (marbles !== undefined) named.set(node.name.text, marbles.trim())
    }
    node.forEachChild(visit)
  }
  test.arguments.forEach(visit)
  return { named, all }
}

const findTest = (source: ts.SourceFile, title: string): ts.CallExpression | undefined => {
  const find = (node: ts.Node): ts.CallExpression | undefined =>
    ts.isCallExpression(node) && /^it\b/.test(node.expression.getText(source)) && firstString(node) === title
      ? node
      : node.forEachChild(find)
  return find(source)
}

/** A string, or the first argument of a call if that is one. */
const firstString = (node: ts.Expression | undefined): string | undefined => {
  const value = node !== undefined && ts.isCallExpression(node) ? node.arguments[0] : node
  return value !== undefined && ts.isStringLiteralLike(value) ? value.text : undefined
}
