import base from './jest.config.js'

/** Paths of tests that take long: the rest is what `npm test` runs. */
export const slow = [
  'marble-tests/durable-model/',
  'marble-tests/model/',
  'spec/chaos/',
  'spec/cli/',
  'spec/docs/',
  'spec/examples/',
  'spec/fuzz/',
  'spec/mutants/',
  'spec/protocol/garbage',
  'spec/readme/',
  'spec/resilience/',
  'spec/security/',
  'spec/server/garbage',
  'spec/server/load',
  'spec/server/replay',
  'spec/soak/',
  'spec/surface/',
  'spec/transport/fake-timers',
  'spec/transport/long-poll',
]

// Everything that `npm test` leaves out.
export default {
  ...base,
  testMatch: slow.map((path) => `<rootDir>/${path}${path.endsWith('/') ? '**/' : ''}*.{spec,marbles}.ts`),
}
