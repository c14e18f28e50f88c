/**
 * What a program can see of an error: its own fields without name, message and stack, and its cause if it has one.
 * Expects, on the way, what all errors of the library have in common.
 */
export const factsOf = (error: Error & { readonly _tag: string }): Readonly<Record<string, unknown>> => {
  if (error.name !== error._tag) throw new Error(`name is ${error.name} and _tag ${error._tag}`)
  if (error.constructor.name !== error._tag) throw new Error(`the class of ${error._tag} has another name`)
  if (!/^[^\n]+[^\n]$/.test(error.message)) throw new Error(`${error._tag} has no message`)
  if (!(error.stack ?? '').includes(error.message)) throw new Error(`${error._tag} has no stack`)
  return Object.fromEntries(
    Object.getOwnPropertyNames(error)
      .filter((key) => !['name', 'message', 'stack'].includes(key))
      .map((key) => [key, error[key as keyof typeof error]]),
  )
}
