import { type ReleaseFacts, releaseProblems } from './release-problems.ts'

const ready: ReleaseFacts = {
  manifest: {
    version: '1.2.0',
    description: 'a client',
    license: 'MIT',
    keywords: ['phoenix'],
    repository: { type: 'git', url: 'git+https://example.com/rx-phoenix.git' },
  },
  changelog: '# Changelog\n\n## 1.2.0\n\n- More.\n',
  readme:
    '# rx-phoenix\n\n[start](#the-shortest-program), [guides](docs/README.md)\n\n## The shortest program\n',
  tags: ['v1.1.0'],
  changesets: [],
  status: '',
  exists: () => true,
}

describe('the check of a release', () => {
  it('finds nothing when everything is there', () => {
    expect(releaseProblems(ready)).toEqual([])
  })

  it.each<[string, Partial<ReleaseFacts>, readonly string[]]>([
    [
      'no repository, and that the paths in the README are dead without one',
      { manifest: { version: '1.2.0', description: 'a client', license: 'MIT', keywords: ['phoenix'] } },
      ['package.json has no repository', '1 links of README.md are paths'],
    ],
    [
      'a version that is no version',
      { manifest: { ...ready.manifest, version: 'next' } },
      ['"next"', '## next'],
    ],
    ['no keywords', { manifest: { ...ready.manifest, keywords: [] } }, ['no keywords']],
    ['a version that is tagged', { tags: ['v1.2.0'] }, ['v1.2.0 is tagged already']],
    ['changesets that wait', { changesets: ['a.md'] }, ['changesets are waiting (a.md)']],
    ['a changelog without the version', { changelog: '## Unreleased (1.2.0)\n' }, ['no heading "## 1.2.0"']],
    ['a link to a file that is gone', { exists: (path) => path !== 'docs/README.md' }, ['docs/README.md']],
    ['an anchor that is gone', { readme: '[a](#b)\n\n## C\n' }, ['#b, and has no such heading']],
    ['changes that are not committed', { status: ' M lib/index.ts' }, ['uncommitted changes']],
    ['no license', { exists: (path) => path !== 'LICENSE' }, ['there is no license']],
  ])('finds %s', (_what, facts, found) => {
    const problems = releaseProblems({ ...ready, ...facts })
    expect(problems).toEqual(found.map((part) => expect.stringContaining(part) as string))
  })
})
