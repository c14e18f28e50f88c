export default {
  testEnvironment: 'node',
  roots: ['<rootDir>'],
  testMatch: ['**/*.jest.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: { ignoreCodes: [151001] } }] },
  // Only in this repository: takes rx-phoenix from its sources.
  testEnvironmentOptions: { customExportConditions: ['rx-phoenix-source', 'node', 'node-addons'] },
}
