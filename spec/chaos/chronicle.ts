/** Something that must never be so, and was. */
export interface Violation {
  readonly invariant: string
  readonly detail: string
  /** What happened before it, the last at the end. */
  readonly script: readonly string[]
}

/** What happened in a run, so that a violation can be told with what led to it. */
export interface Chronicle {
  /** A fault of the network or the server. */
  fault(who: string, what: string): void
  /** Something else worth telling: what a client did, a state. */
  note(who: string, what: string): void
  /** The first violation counts; those that follow from it do not. */
  violated(invariant: string, detail: string): void
  readonly violation: Violation | undefined
  /** True as long as nothing has been violated. */
  isIntact(): boolean
  readonly faults: number
}

/** How many of the last events are told. */
const TOLD = 200

export const chronicle = (now: () => number = () => performance.now()): Chronicle => {
  const script: string[] = []
  const startedAt = now()
  let violation: Violation | undefined
  let faults = 0
  const add = (who: string, what: string): void => {
    script.push(`${(now() - startedAt).toFixed(0).padStart(7)} ms  ${who}: ${what}`)
    // Not at every event, since `shift` moves all that follow.
    if (script.length > 4 * TOLD) script.splice(0, script.length - TOLD)
  }
  return {
    fault: (who, what) => {
      faults += 1
      add(who, `! ${what}`)
    },
    note: add,
    violated: (invariant, detail) => {
      if (violation) return
      add('violated', invariant)
      violation = { invariant, detail, script }
    },
    isIntact: () => violation === undefined,
    get violation() {
      return violation
    },
    get faults() {
      return faults
    },
  }
}
