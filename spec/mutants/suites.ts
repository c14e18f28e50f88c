import { jestArguments } from './jest-arguments.ts'
import { type SuiteName } from './mutants.ts'

const jest = (...paths: readonly string[]): readonly string[] => jestArguments('--bail', ...paths)

/** Arguments for Node, in the folder of the project or of a copy. */
export const suites: Readonly<Record<SuiteName, readonly string[]>> = {
  marbles: jest('marble-tests', '--testPathIgnorePatterns', 'model'),
  specs: jest(
    'spec/connection',
    'spec/channel',
    'spec/protocol',
    'spec/transport',
    'spec/live-state',
    'spec/presence',
    '--testPathIgnorePatterns',
    'model',
  ),
  contract: jest('spec/contract'),
  chaos: [
    '--expose-gc',
    '--import',
    'tsx',
    '--conditions=rx-phoenix-source',
    'spec/chaos/main.ts',
    '--seed',
    '1',
    '--minutes',
    '0.5',
  ],
  model: jest('model'),
  crash: [
    '--import',
    'tsx',
    '--conditions=rx-phoenix-source',
    'spec/crash/main.ts',
    '--seed',
    '1',
    '--kills',
    '40',
  ],
}
