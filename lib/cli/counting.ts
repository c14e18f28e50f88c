import { type Command } from 'commander'
import { whole } from './read-argument.ts'

/** Adds the flag that ends a command which would otherwise never end. */
export const counting = (command: Command): Command =>
  command.option('-n, --count <n>', 'end after so many lines', whole('--count', 1))
