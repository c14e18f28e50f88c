import base from './jest.config.js'
import { slow } from './jest.slow.config.js'

// What `npm test` runs while one works: marble tests, specs and the contract, without what takes long.
export default {
  ...base,
  // Jest leaves one processor alone, of two.
  maxWorkers: '100%',
  testPathIgnorePatterns: slow.map((path) => `<rootDir>/${path}`),
}
