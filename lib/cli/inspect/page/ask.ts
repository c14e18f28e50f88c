import { type Answer, type Command } from '../told.ts'

/** Asks the program that serves the page to do something. */
export const ask = async (command: Command): Promise<Answer> => {
  try {
    const response = await fetch('do', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(command),
    })
    return (await response.json()) as Answer
  } catch {
    return { ok: false, error: 'rx-phoenix inspect is not running any more.' }
  }
}
