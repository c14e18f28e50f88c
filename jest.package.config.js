import base from './jest.config.js'

// The packed package, installed in folders of its own; it needs the registry of npm, and a Chromium.
export default {
  ...base,
  roots: ['<rootDir>/spec/package'],
  testMatch: ['**/*.package.ts'],
  testTimeout: 180_000,
}
