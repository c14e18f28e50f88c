/** The layers of lib/, low to high. A folder may import from itself and from the folders before it, never upwards. */
const layers = ['protocol', 'transport', 'connection', 'page', 'channel', 'presence', 'live-state']
const upward = layers.map((layer, i) => ({
  name: `${layer}-imports-down-only`,
  severity: 'error',
  from: { path: `^lib/${layer}/` },
  to: { path: '^lib/', pathNot: `^lib/(${layers.slice(0, i + 1).join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'awaiting-on-channels',
      severity: 'error',
      from: { path: '^lib/awaiting/' },
      to: { path: '^lib/', pathNot: '^lib/(awaiting|protocol|transport|connection|channel)/' },
    },
    {
      name: 'durable-on-public-names',
      comment: 'Of the client it needs types alone; what it runs of it is pure.',
      severity: 'error',
      from: { path: '^lib/durable/' },
      to: {
        path: '^lib/',
        pathNot: '^lib/(durable/|protocol/|index\\.ts|channel/decode-with\\.ts|awaiting/queue\\.ts)',
      },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'presence-apart-from-live-state',
      severity: 'error',
      from: { path: '^lib/live-state/' },
      to: { path: '^lib/presence/' },
    },
    {
      name: 'protocol-is-pure',
      severity: 'error',
      from: { path: '^lib/protocol/' },
      to: { path: 'node_modules', pathNot: 'node_modules/fp-ts' },
    },
    {
      name: 'client-without-extras',
      severity: 'error',
      from: { path: '^lib/(index|phoenix-socket)\\.ts' },
      to: { path: '^lib/(server|testing|angular|ngrx|inspector|cli)/' },
    },
    {
      name: 'server-on-protocol-only',
      severity: 'error',
      from: { path: '^lib/server/' },
      to: { path: '^lib/', pathNot: '^lib/(server|protocol)/' },
    },
    {
      name: 'testing-on-low-layers',
      severity: 'error',
      from: { path: '^lib/testing/' },
      to: { path: '^lib/', pathNot: '^lib/(testing|protocol|transport|connection|page|channel)/' },
    },
    {
      name: 'inspector-at-its-edge',
      comment: 'It shows what the trace of the client shows; of the rest it reads recorded sessions.',
      severity: 'error',
      from: { path: '^lib/inspector/' },
      to: {
        path: '^lib/',
        pathNot:
          '^lib/(inspector/|index\\.ts|phoenix-socket\\.ts|inside/inside-of\\.ts|inside/snapshot\\.ts|testing/(session|recorded-message)\\.ts)',
      },
    },
    {
      name: 'nothing-on-the-inspector',
      comment: 'Nobody ships it who does not import it.',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(inspector|cli)/' },
      to: { path: '^lib/inspector/' },
    },
    {
      name: 'angular-on-the-client',
      severity: 'error',
      from: { path: '^lib/angular/' },
      to: { path: '^lib/(index\\.ts|server/|testing/(?!test-server/)|cli/|awaiting/|inside/)' },
    },
    {
      name: 'ngrx-on-angular',
      severity: 'error',
      from: { path: '^lib/ngrx/' },
      to: { path: '^lib/(index\\.ts|server/|testing/|cli/|awaiting/|inside/|page/)' },
    },
    {
      name: 'ngrx-without-durable',
      comment: 'A store without an outbox must not load one: withOutbox takes the function that makes it.',
      severity: 'error',
      from: { path: '^lib/ngrx/' },
      to: { path: '^lib/durable/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'angular-at-its-edge',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(angular|ngrx)/' },
      to: { path: 'node_modules/(@angular|@ngrx|zone\\.js)/|^lib/(angular|ngrx)/' },
    },
    {
      name: 'ngrx-at-its-edge',
      severity: 'error',
      from: { path: '^lib/angular/' },
      to: { path: 'node_modules/@ngrx/|^lib/ngrx/' },
    },
    {
      name: 'cli-on-public-names',
      comment: 'The command line is a user of the library like any other.',
      severity: 'error',
      from: { path: '^lib/cli/' },
      to: {
        path: '^lib/',
        pathNot:
          '^lib/(cli/|inspector/make\\.ts|index\\.ts|(durable|inspector|live-state|server|testing)/index\\.ts)',
      },
    },
    {
      name: 'ws-at-the-edges',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(transport/platform-node\\.ts|server/|cli/)' },
      to: { path: 'node_modules/(@types/)?ws/' },
    },
    {
      name: 'lib-imports-no-tests',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(spec|marble-tests|examples|bench)/' },
    },
    { name: 'nothing-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    exclude: { path: '^(dist|examples/angular-ngrx)' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['rx-phoenix-source', 'import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
