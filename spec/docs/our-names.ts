import ts from 'typescript'

export interface OurNames {
  /** What the entries export. */
  readonly exported: ReadonlySet<string>
  /** The same, with every option, member, parameter, state and tag that the exported types name. */
  readonly all: ReadonlySet<string>
  /** The members of an exported type, its inherited ones among them. */
  membersOf(type: string): ReadonlySet<string>
}

/** Reads from the types of the library what it offers. */
export const ourNames = (program: ts.Program, entries: readonly string[]): OurNames => {
  const checker = program.getTypeChecker()
  // From the last to the first: a name that several entries have is that of the first.
  const exports: Map<string, ts.Symbol> = new Map(
    [...entries]
      .reverse()
      .map((entry) => program.getSourceFile(entry))
      .flatMap((file) => (file ? checker.getExportsOfModule(symbolOf(checker, file)) : []))
      .map((symbol) => [symbol.name, resolved(checker, symbol)]),
  )
  const all: Set<string> = new Set(exports.keys())
  const seen: Set<ts.Type> = new Set()

  const addType = (type: ts.Type): void => {
    if (seen.has(type)) return
    seen.add(type)
    if (type.isUnionOrIntersection()) type.types.forEach(addType)
    if (type.isStringLiteral()) all.add(type.value)
    for (const property of type.getProperties()) if (isOurs(property)) addMember(property)
    for (const signature of type.getCallSignatures()) if (isOurs(signature)) addSignature(signature)
  }
  const addMember = (member: ts.Symbol): void => {
    all.add(member.name)
    addType(checker.getTypeOfSymbol(member))
  }
  const addSignature = (signature: ts.Signature): void => {
    for (const parameter of signature.getParameters()) addMember(parameter)
    addType(signature.getReturnType())
  }

  for (const symbol of exports.values()) {
    addType(checker.getDeclaredTypeOfSymbol(symbol))
    if (symbol.flags & ts.SymbolFlags.Value) addType(checker.getTypeOfSymbol(symbol))
  }
  return {
    all,
    exported: new Set(exports.keys()),
    membersOf: (name) => {
      const symbol = exports.get(name)
      if (!symbol) throw new Error(`"${name}" is not exported`)
      const type = checker.getDeclaredTypeOfSymbol(symbol)
      return new Set(checker.getPropertiesOfType(type).map((member) => member.name))
    },
  }
}

const symbolOf = (checker: ts.TypeChecker, file: ts.SourceFile): ts.Symbol => {
  const symbol = checker.getSymbolAtLocation(file)
  if (!symbol) throw new Error(`${file.fileName} is no module`)
  return symbol
}

const resolved = (checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

/** Not what comes from RxJS, from the DOM or from the language. */
const isOurs = (declared: ts.Symbol | ts.Signature): boolean => {
  const declarations = 'getDeclaration' in declared ? [declared.getDeclaration()] : declared.declarations
  return (declarations ?? []).some((declaration) => {
    const { isDeclarationFile, fileName } = declaration.getSourceFile()
    return !isDeclarationFile && fileName.includes('/lib/')
  })
}
