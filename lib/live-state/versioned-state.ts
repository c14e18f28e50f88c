import { isLeft } from 'fp-ts/Either'
import { applyPatch, type PatchFailed } from './json-patch.ts'
import { lookUp } from './json-value.ts'
import { share } from './share.ts'

/** A whole state of the server. */
export interface Whole {
  readonly state: unknown
  readonly version: number
}

/**
 * The client's copy of the state of a server.
 *
 * - `loading`: nothing has arrived yet.
 * - `live`: every change so far has been applied.
 * - `stale`: the last good state, while it is repaired, or while the connection or the join is lost.
 * - `error`: the server reported that it has no state.
 */
export type Versioned = { readonly maxVersion: MaxVersion | undefined } & (
  | { readonly status: 'loading'; readonly whole?: undefined }
  | { readonly status: 'live' | 'stale'; readonly whole: Whole }
  | { readonly status: 'error'; readonly whole: Whole | undefined; readonly error: unknown }
)

/** The version that 0 follows: given by the user, or learnt at the first wrap. */
export interface MaxVersion {
  readonly version: number
  readonly given: boolean
}

export type Signal =
  /** The channel was joined again, or the join was lost: the copy may be out of date. */
  | { readonly type: 'joined' | 'lost' }
  | { readonly type: 'change'; readonly whole: Whole }
  | { readonly type: 'patch'; readonly operations: unknown; readonly version: number }
  /** The server has no state. */
  | { readonly type: 'failed'; readonly error: unknown }
  /** A message of the wrong shape, or a state that the user's decoder rejected. */
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

/**
 * The next step after a signal. Pure, and never gives a state that the server did not have: a message that does not fit
 * leaves the last good state in place, as stale.
 */
export const step = (versioned: Versioned, signal: Signal): Step => {
  switch (signal.type) {
    case 'joined':
    case 'lost':
      return { next: aged(versioned) }
    case 'change': {
      const { state, version } = signal.whole
      const whole = { state: share(versioned.whole?.state, state), version }
      return { next: { status: 'live', whole, maxVersion: unlearnt(versioned, version) } }
    }
    case 'patch':
      return patched(versioned, signal)
    case 'failed':
      // An error that comes while the state is live is an event; the state is still valid.
      if (versioned.status === 'live') return { next: versioned }
      return { next: { ...versioned, status: 'error', whole: versioned.whole, error: signal.error } }
    case 'malformed':
      return { next: aged(versioned), damage: { _tag: 'Malformed', error: signal.error } }
  }
}

const aged = ({ whole, maxVersion }: Versioned): Versioned =>
  whole ? { status: 'stale', whole, maxVersion } : { status: 'loading', maxVersion }

const patched = (versioned: Versioned, { operations, version }: Extract<Signal, { type: 'patch' }>): Step => {
  const maxVersion = versioned.status === 'live' ? follows(versioned, version) : 'gap'
  const isWhole = replacesRoot(operations)
  if (maxVersion === 'gap' && !isWhole) return missing(versioned, operations, version)
  const before = versioned.whole?.state
  const patch = applyPatch(before, operations)
  if (isLeft(patch)) return { next: aged(versioned), damage: patch.left }
  return {
    next: {
      status: 'live',
      whole: { state: isWhole ? share(before, patch.right) : patch.right, version },
      maxVersion: maxVersion === 'gap' ? unlearnt(versioned, version) : maxVersion,
    },
  }
}

/** A patch of a state that is not known. */
const missing = (versioned: Versioned, operations: unknown, version: number): Step => {
  if (versioned.status === 'live')
    return { next: aged(versioned), damage: { _tag: 'VersionGap', version, after: versioned.whole.version } }
  // After a failed `init` the state of the server is nil; an event that leaves it nil is answered by an empty patch.
  if (versioned.status === 'error' && isEmpty(operations)) return { next: versioned }
  return { next: versioned, damage: { _tag: 'PatchWithoutState', version } }
}

/** Whether a patch brings a whole state, as the first one does after a failed `init`: it needs no state to apply to. */
const replacesRoot = (operations: unknown): boolean => {
  const first = lookUp(operations, '0')?.value
  const op = lookUp(first, 'op')?.value
  return (op === 'replace' || op === 'add') && lookUp(first, 'path')?.value === ''
}

const isEmpty = (operations: unknown): boolean => Array.isArray(operations) && operations.length === 0

/** The maximum version after a patch to this version, or `gap` if a patch before it is missing. */
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

/** A version above a learnt maximum proves that maximum wrong: a gap was taken for a wrap. */
const unlearnt = ({ maxVersion }: Versioned, version: number): MaxVersion | undefined =>
  maxVersion && !maxVersion.given && version > maxVersion.version ? undefined : maxVersion
