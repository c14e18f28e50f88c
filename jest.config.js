export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['rx-phoenix-source', 'node', 'node-addons'] },
  roots: ['<rootDir>/lib', '<rootDir>/spec', '<rootDir>/marble-tests'],
  setupFiles: ['<rootDir>/spec/support/quiet.ts'],
  setupFilesAfterEnv: ['<rootDir>/spec/support/equal-bytes.ts', '<rootDir>/spec/support/equal-errors.ts'],
  testMatch: ['**/*.spec.ts', '**/*.marbles.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: { ignoreCodes: [151001] } }] },
  collectCoverageFrom: ['lib/**/*.ts', '!lib/transport/platform-browser.ts'],
  coverageProvider: 'v8',
  testTimeout: 10_000,
  // The heap of a worker after a hundred files takes Node longer to free than the half second after which Jest takes it for
  // one that hangs. One that really does is still reported.
  workerGracefulExitTimeout: 20_000,
}
