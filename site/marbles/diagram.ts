/** A picture of one marble test. */
export interface Diagram {
  /** The name of its file in docs/images/marbles. */
  readonly name: string
  /** What it shows, for people who cannot see it. */
  readonly alt: string
  /** The test: its file, under marble-tests/, and its title. */
  readonly file: string
  readonly title: string
  readonly lanes: readonly Lane[]
}

/** One line of a diagram. */
export interface Lane {
  readonly label: string
  /** The name of a constant of the test, or a marble string that is in the test. */
  readonly of: string
  /**
   * - `states`: each value lasts until the next one, at most as long as the subscription in the lane above it.
   * - `events`: each value is a moment.
   * - `held`: a subscription, from `^` to `!`.
   */
  readonly as: 'states' | 'events' | 'held'
  /** What the letters stand for. */
  readonly letters?: Readonly<Record<string, string>>
}

const socketStates = { c: 'connecting', o: 'open', w: 'waiting', p: 'paused' }
const channelStates = {
  w: 'waiting',
  j: 'joining',
  J: 'joined',
  R: 'joined again',
  e: 'errored',
  x: 'closed',
}

export const held = (label: string, of: string): Lane => ({ label, of, as: 'held' })
export const events = (label: string, of: string, letters: Readonly<Record<string, string>>): Lane => ({
  label,
  of,
  as: 'events',
  letters,
})
export const socketIs = (
  of: string,
  label = 'socket',
  more: Readonly<Record<string, string>> = {},
): Lane => ({
  label,
  of,
  as: 'states',
  letters: { ...socketStates, ...more },
})
export const channelIs = (
  of: string,
  label = 'channel',
  more: Readonly<Record<string, string>> = {},
): Lane => ({
  label,
  of,
  as: 'states',
  letters: { ...channelStates, ...more },
})
