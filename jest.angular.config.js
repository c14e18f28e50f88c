import base from './jest.config.js'

// The example of Angular and NgRx, in browsers; what it needs is installed and built by `npm run test:angular`.
export default {
  ...base,
  roots: ['<rootDir>/spec/angular-app'],
  testMatch: ['**/*.browser.ts'],
  testTimeout: 120_000,
}
