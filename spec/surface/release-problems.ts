/** What the check of a release looks at. */
export interface ReleaseFacts {
  readonly manifest: {
    readonly version: string
    readonly description?: string
    readonly license?: string
    readonly keywords?: readonly string[]
    readonly repository?: string | { readonly type?: string; readonly url?: string }
  }
  readonly changelog: string
  readonly readme: string
  /** The tags of the repository. */
  readonly tags: readonly string[]
  /** Names of the changesets that wait for the next version. */
  readonly changesets: readonly string[]
  /** What `git status --porcelain` prints. */
  readonly status: string
  readonly exists: (path: string) => boolean
}

/** What is still missing before this version can be published, each with what to do. Empty if nothing is. */
export const releaseProblems = (facts: ReleaseFacts): readonly string[] => [
  ...manifestProblems(facts),
  ...versionProblems(facts),
  ...readmeProblems(facts),
  ...(facts.status.trim() === '' ? [] : ['there are uncommitted changes: commit or remove them']),
]

const addressOf = ({ manifest: { repository } }: ReleaseFacts): string | undefined =>
  typeof repository === 'string' ? repository : repository?.url

const manifestProblems = (facts: ReleaseFacts): readonly string[] => {
  const { description = '', license = '', keywords = [] } = facts.manifest
  return [
    ...(addressOf(facts) === undefined
      ? [
          'package.json has no repository: set it to the public address, which npm compares with the provenance',
        ]
      : []),
    ...(description === '' ? ['package.json has no description'] : []),
    ...(license === '' || !facts.exists('LICENSE') ? ['there is no license, or no file LICENSE'] : []),
    ...(keywords.length === 0 ? ['package.json has no keywords, by which the package is found'] : []),
  ]
}

const versionProblems = ({
  manifest: { version },
  changelog,
  tags,
  changesets,
}: ReleaseFacts): readonly string[] => [
  ...(/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)
    ? []
    : [`package.json has the version "${version}", which is not a semantic version`]),
  ...(tags.includes(`v${version}`)
    ? [`v${version} is tagged already: npm run release:version takes the next version from the changesets`]
    : []),
  ...(changesets.length > 0
    ? [`changesets are waiting (${changesets.join(', ')}): npm run release:version`]
    : []),
  ...(changelog.split('\n').some((line) => line.startsWith(`## ${version}`))
    ? []
    : [`CHANGELOG.md has no heading "## ${version}": tell users what is in it`]),
]

/** npm shows the README alone: a path in it works only through the repository, and an anchor only on the page itself. */
const readmeProblems = (facts: ReleaseFacts): readonly string[] => {
  const { readme, exists } = facts
  const targets = [...readme.matchAll(/\]\(([^\s()]+)\)/g)].map(([, target = '']) => target)
  const anchors = new Set([...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)))
  const paths = targets
    .filter((target) => !/^([a-z]+:|#)/i.test(target))
    .map((target) => target.split('#')[0] ?? '')
  const missing = paths.filter((path) => !exists(path))
  const gone = targets.filter((target) => target.startsWith('#') && !anchors.has(target.slice(1)))
  return [
    ...(paths.length > 0 && addressOf(facts) === undefined
      ? [
          `${paths.length} links of README.md are paths, which are dead on npm until package.json has a repository`,
        ]
      : []),
    ...missing.map((path) => `README.md links to ${path}, which does not exist`),
    ...gone.map((anchor) => `README.md links to ${anchor}, and has no such heading`),
  ]
}

/** As npm and GitHub make it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
