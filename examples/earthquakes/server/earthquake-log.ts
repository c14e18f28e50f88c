import { readFile } from 'node:fs/promises'
import { type Earthquake } from '../contract.ts'

/** The events of the data file, in order of time. */
export const earthquakeLog = async (): Promise<readonly Earthquake[]> => {
  const text = await readFile(new URL('../data/earthquakes.ndjson', import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Earthquake)
}
