import ts from 'typescript'

/** The helpers that run a marble test in virtual time. */
const RUNS = /^(run|runMarbles|\w*[sS]cheduler\.run)$/

/**
 * What a marble test checks, or reads of a state, before its virtual time begins: a client has done nothing then, so that
 * "it is idle" holds of every client. Such a check belongs into virtual time, behind `flush()` or behind the run.
 *
 * Not counted is `expect(() => …)` of a call that throws, where time plays no part.
 */
export const earlyExpects = (fileName: string, text: string): readonly string[] => {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const inRun = (body: ts.Node): void => {
    let flushed = false
    const visit = (node: ts.Node): void => {
      if (flushed || ts.isFunctionLike(node)) return
      if (ts.isCallExpression(node) && /(^|\.)flush$/.test(node.expression.getText())) flushed = true
      else if (isCheck(node) || isReading(node))
        found.push(`${fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`)
      else node.forEachChild(visit)
    }
    visit(body)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && RUNS.test(node.expression.getText()))
      for (const argument of node.arguments)
        if (ts.isArrowFunction(argument) || ts.isFunctionExpression(argument)) inRun(argument.body)
    node.forEachChild(visit)
  }
  visit(source)
  return found
}

const isCheck = (node: ts.Node): boolean =>
  ts.isCallExpression(node) &&
  node.expression.getText() === 'expect' &&
  !node.arguments.some((argument) => ts.isFunctionLike(argument))

const isReading = (node: ts.Node): boolean =>
  ts.isPropertyAccessExpression(node) && node.name.text === 'state'
