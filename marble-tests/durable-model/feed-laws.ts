/** What one run of a feed did, from its first subscriber to its end. Positions are sequence numbers. */
export interface FeedRunLog {
  /** The position that it loaded. */
  loaded: number | undefined
  /** Where the server said that it begins, if it had no position. */
  began: number | undefined
  /** The position that it began with has a sequence number, so that a message which is lost after it is noticed. */
  isCounted: boolean
  /** A feed without a position gets everything from the first entry on. */
  readonly isWhole: boolean
  readonly events: FeedRunEvent[]
}

export type FeedRunEvent =
  | { readonly type: 'delivery'; readonly seq: number }
  | {
      readonly type: 'gap'
      readonly after: number
      readonly before: number | undefined
      readonly missing: number | undefined
    }
  | { readonly type: 'invalid'; readonly seq: number; readonly tag: string }
  /** Its handler has succeeded. */
  | { readonly type: 'done'; readonly seq: number }
  | { readonly type: 'save'; readonly seq: number; readonly ahead: number | undefined }

/** What is wrong with a run: something lost, repeated, out of order, or saved before it was done. */
export const wrongWithRun = (run: FeedRunLog): readonly string[] => {
  const wrong: string[] = []
  let last = run.began ?? run.loaded
  /** A gap has been reported that nobody knows the end of. */
  let open = false
  let isCounted = run.isCounted
  let gapBefore: number | undefined
  const delivered: Set<number> = new Set()
  const done: Set<number> = new Set()
  /** All up to here is done or was reported as missing, in this run or before it. */
  const doneUpTo = (seq: number): boolean => [...delivered].every((each) => each > seq || done.has(each))
  for (const event of run.events) {
    switch (event.type) {
      case 'delivery': {
        const { seq } = event
        if (delivered.has(seq)) wrong.push(`${seq} was delivered twice`)
        if (run.isWhole && !open) last ??= 0
        if (last !== undefined && seq <= last && !open) wrong.push(`${seq} was delivered after ${last}`)
        if (last !== undefined && seq > last + 1 && isCounted && !open && gapBefore !== seq)
          wrong.push(`${last + 1} to ${seq - 1} were lost in silence`)
        if (gapBefore !== undefined && gapBefore !== seq)
          wrong.push(`the gap before ${gapBefore} is followed by ${seq}`)
        delivered.add(seq)
        last = seq
        open = false
        isCounted = true
        gapBefore = undefined
        break
      }
      case 'gap':
        if (event.after !== last) wrong.push(`a gap after ${event.after} was reported after ${last}`)
        if (event.before !== undefined && event.missing !== event.before - event.after - 1)
          wrong.push(`a gap from ${event.after} to ${event.before} misses ${event.missing}`)
        if (event.before === undefined) open = true
        else gapBefore = event.before
        break
      case 'invalid':
        if (event.tag !== 'CursorBackwards' || (last !== undefined && event.seq > last))
          wrong.push(`${event.seq} was set aside as ${event.tag} after ${last}`)
        break
      case 'done':
        if (done.has(event.seq)) wrong.push(`${event.seq} was done twice`)
        if (!delivered.has(event.seq)) wrong.push(`${event.seq} was done without having been delivered`)
        done.add(event.seq)
        break
      case 'save':
        if (!doneUpTo(event.seq)) wrong.push(`${event.seq} was saved before all up to it were done`)
        if (event.seq !== (run.began ?? run.loaded) && !done.has(event.seq))
          wrong.push(`${event.seq} was saved and never done`)
        if (event.ahead !== [...delivered].filter((seq) => seq > event.seq).length)
          wrong.push(`${event.seq} was saved with ${event.ahead} ahead`)
    }
  }
  return wrong
}
