import { isLeft } from 'fp-ts/Either'
import { applyPatch, type PatchFailed } from './json-patch.ts'

/** A whole state of the server. */
export interface Whole {
  readonly state: unknown
  readonly version: number
}

/**
 * What is known of the state of a server.
 *
 * - `loading`: nothing yet.
 * - `live`: every change so far has been seen.
 * - `stale`: the last good state; it is being repaired, or the connection or the join is lost.
 * - `error`: the server said that it has no state, or none any more.
 */
export type Versioned = { readonly maxVersion: MaxVersion | undefined } & (
  | { readonly status: 'loading'; readonly whole?: undefined }
  | { readonly status: 'live' | 'stale'; readonly whole: Whole }
  | { readonly status: 'error'; readonly whole: Whole | undefined; readonly error: unknown }
)

/** The version after which comes 0: as the user says, or as the first wrap showed. */
export interface MaxVersion {
  readonly version: number
  readonly given: boolean
}

export type Signal =
  /** The channel was joined anew, or the join was lost: what is known is of the past. */
  | { readonly type: 'joined' | 'lost' }
  | { readonly type: 'change'; readonly whole: Whole }
  | { readonly type: 'patch'; readonly operations: unknown; readonly version: number }
  /** The server has no state. */
  | { readonly type: 'failed'; readonly error: unknown }
  /** A message that makes no sense, or a state that the user's decoder turned down. */
  | { readonly type: 'malformed'; readonly error: unknown }

/** Why the whole state is needed again. */
export type Damage =
  | { readonly _tag: 'VersionGap'; readonly version: number; readonly after: number }
  | { readonly _tag: 'PatchWithoutState'; readonly version: number }
  | { readonly _tag: 'Malformed'; readonly error: unknown }
  | PatchFailed

export interface Step {
  readonly next: Versioned
  /** Set if the whole state is needed. */
  readonly damage?: Damage
}

/** One signal further. Pure, and never gives a state that no server had: what does not fit leaves the last good one, stale. */
export const step = (versioned: Versioned, signal: Signal): Step => {
  switch (signal.type) {
    case 'joined':
    case 'lost':
      return { next: aged(versioned) }
    case 'change':
      return {
        next: { status: 'live', whole: signal.whole, maxVersion: unlearnt(versioned, signal.whole.version) },
      }
    case 'patch':
      return patched(versioned, signal)
    case 'failed':
      // While live it is news, and the state holds.
      if (versioned.status === 'live') return { next: versioned }
      return { next: { ...versioned, status: 'error', whole: versioned.whole, error: signal.error } }
    case 'malformed':
      return { next: aged(versioned), damage: { _tag: 'Malformed', error: signal.error } }
  }
}

const aged = ({ whole, maxVersion }: Versioned): Versioned =>
  whole ? { status: 'stale', whole, maxVersion } : { status: 'loading', maxVersion }

const patched = (versioned: Versioned, { operations, version }: Extract<Signal, { type: 'patch' }>): Step => {
  if (versioned.status !== 'live') return { next: versioned, damage: { _tag: 'PatchWithoutState', version } }
  const { whole } = versioned
  const maxVersion = follows(versioned, version)
  if (maxVersion === 'gap')
    return { next: aged(versioned), damage: { _tag: 'VersionGap', version, after: whole.version } }
  const state = applyPatch(whole.state, operations)
  if (isLeft(state)) return { next: aged(versioned), damage: state.left }
  return { next: { status: 'live', whole: { state: state.right, version }, maxVersion } }
}

/** The maximum as it is known after this version, or that something is missing before it. */
const follows = (
  versioned: Versioned & { readonly whole: Whole },
  version: number,
): MaxVersion | 'gap' | undefined => {
  const { maxVersion, whole } = versioned
  if (version === whole.version + 1)
    return maxVersion?.given && version > maxVersion.version ? 'gap' : unlearnt(versioned, version)
  if (version !== 0 || whole.version === 0) return 'gap'
  if (maxVersion === undefined) return { version: whole.version, given: false }
  return maxVersion.version === whole.version ? maxVersion : 'gap'
}

/** A version above a maximum that was learnt shows that it was learnt wrong, from a wrap that hid a gap. */
const unlearnt = ({ maxVersion }: Versioned, version: number): MaxVersion | undefined =>
  maxVersion && !maxVersion.given && version > maxVersion.version ? undefined : maxVersion
