import base from './jest.config.js'
import { slow } from './jest.slow.config.js'

// What `npm test` runs while one works: marble tests, specs and the contract, without what takes long.
export default {
  ...base,
  testPathIgnorePatterns: slow.map((path) => `<rootDir>/${path}`),
}
