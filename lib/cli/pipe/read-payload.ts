/** Reads a line that is JSON. Throws `SyntaxError`. */
export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Not the message of the engine, which quotes the line: it may hold a secret.
    throw new SyntaxError('the line is not JSON')
  }
}

/** Makes an object of a plain line, without the carriage return that lines from Windows end with. */
export const readText =
  (key: string) =>
  (text: string): unknown => ({ [key]: text.replace(/\r$/, '') })
