import { spawnSync } from 'node:child_process'
import { join, relative } from 'node:path'
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type IConfigFile,
} from '@microsoft/api-extractor'
import { ROOT } from '../support/run-script.ts'

/* Compares the public types of each entry, as they are built, with the reports in etc/. With --update it writes those. */

const entries = ['index', 'live-state', 'durable', 'server', 'testing', 'inspector', 'angular', 'ngrx']
const kept = join(ROOT, 'etc')
const found = join(ROOT, 'temp/api-report')
const update = process.argv.includes('--update')

const typesOf = (entry: string): string => join(ROOT, `dist/${entry}.d.ts`)
const configOf = (entry: string): IConfigFile => ({
  projectFolder: ROOT,
  mainEntryPointFilePath: typesOf(entry),
  apiReport: {
    enabled: true,
    reportFileName: `${entry}.api.md`,
    reportFolder: kept,
    reportTempFolder: found,
    // What a public name is made of is a part of the surface, exported or not. Those of angular and ngrx are in index.
    includeForgottenExports: entry !== 'angular' && entry !== 'ngrx',
  },
  docModel: { enabled: false },
  dtsRollup: { enabled: false },
  tsdocMetadata: { enabled: false },
  compiler: {
    overrideTsconfig: {
      compilerOptions: {
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        lib: ['es2022', 'dom', 'dom.iterable'],
        types: ['node'],
        strict: true,
      },
      files: [typesOf(entry)],
    },
  },
  messages: {
    // Whether everything is documented and exported is what `npm run docs:check` looks at.
    extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
    tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
  },
})

const configs = entries.map((entry) =>
  ExtractorConfig.prepare({
    configObject: configOf(entry),
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, 'package.json'),
  }),
)
/** One compilation for all, since most of the time goes into it. */
const compilerState =
  configs[0] && CompilerState.create(configs[0], { additionalEntryPoints: entries.map(typesOf) })

/** Whether the report is as it is kept. */
const isAsKept = (entry: string, i: number): boolean => {
  const config = configs[i]
  if (!config || !compilerState) return false
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    compilerState,
    localBuild: update,
    messageCallback: (message) => {
      // A difference is shown below, in place of what the tool says about it.
      message.handled = message.messageId.startsWith('console-')
    },
  })
  if (errorCount > 0) return false
  if (update || !apiReportChanged) return true
  const [before, after] = [kept, found].map((folder) => join(folder, `${entry}.api.md`))
  const { stdout } = spawnSync('diff', ['-uN', `${before}`, `${after}`], { encoding: 'utf8' })
  process.stdout.write(`The public types of ${entry} are not those in ${relative(ROOT, kept)}:\n${stdout}\n`)
  return false
}

if (!entries.map(isAsKept).every(Boolean)) {
  console.error('If that is meant: npm run build && npm run api:update, and commit etc/.')
  process.exitCode = 1
}
