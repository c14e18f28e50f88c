import { fileURLToPath } from 'node:url'
import { type Running, runScript } from './run-script.ts'

const main = fileURLToPath(new URL('../../examples/earthquakes/main.ts', import.meta.url))

/** Runs the example as `npm start -- …args` does, without a terminal. */
export const runEarthquakes = (...args: readonly string[]): Running => runScript(main, args)
