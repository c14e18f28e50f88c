import { join } from 'node:path'
import ts from 'typescript'

const ROOT = join(import.meta.dirname, '../..')

/** A program with the options of the project, as users compile theirs. */
export const compile = (files: readonly string[]): ts.Program => {
  const read = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path))
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, ROOT)
  return ts.createProgram(files, {
    ...options,
    isolatedDeclarations: false,
    declaration: false,
    declarationMap: false,
    types: ['node'],
  })
}

/** What the compiler has to say about one file. */
export const problemsIn = (program: ts.Program, file: string): readonly string[] => {
  const source = program.getSourceFile(file)
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  )
}
