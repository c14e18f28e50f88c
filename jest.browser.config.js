import base from './jest.config.js'

// Apart from `npm test`, which needs Node and npm alone.
export default {
  ...base,
  roots: ['<rootDir>/spec/browser'],
  testMatch: ['**/*.browser.ts'],
  testTimeout: 30_000,
}
