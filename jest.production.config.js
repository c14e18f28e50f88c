import base from './jest.config.js'

// What applications run in production: marble tests and the contract, with the texts and checks of the production build.
export default {
  ...base,
  globals: { __DEV__: false },
  roots: ['<rootDir>/marble-tests', '<rootDir>/spec/contract'],
}
