import { type Mutant } from './mutants.ts'

/** A bug that the tests of some rows of docs/coming-from or docs/wishes.md are about. */
export interface RowMutant extends Omit<Mutant, 'caughtBy'> {
  /** The tests that fail with it, as the rows cite them: `path › title`. */
  readonly proves: readonly [string, ...string[]]
}
