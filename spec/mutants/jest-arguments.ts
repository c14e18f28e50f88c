/** Arguments for Node that run Jest, in the folder of the project or of a copy. */
export const jestArguments = (...more: readonly string[]): readonly string[] => [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--silent',
  ...more,
]
