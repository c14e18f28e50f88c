import base from './jest.config.js'

// The site in a Chromium, as it was built under DOCS_BASE; see `npm run test:docs`.
export default {
  ...base,
  roots: ['<rootDir>/spec/site'],
  testMatch: ['**/*.browser.ts'],
  testTimeout: 120_000,
}
