import {
  concat,
  defer,
  ignoreElements,
  map,
  mergeAll,
  NEVER,
  type Observable,
  of,
  Subscription,
  tap,
  throwError,
  timer,
} from 'rxjs'
import {
  checkpointOf,
  feed,
  type Feed,
  type FeedEvent,
  type Position,
  processWith,
} from '../../lib/durable/index.ts'
import { phoenixSocket } from '../../lib/index.ts'
import { type FeedAction, type FeedSetup, knowsOlder } from './feed-history.ts'
import { type FeedRunLog, wrongWithRun } from './feed-laws.ts'
import { type Entry, FeedServer, TOPIC } from './feed-server.ts'
import { Links, type Process } from './links.ts'
import { VirtualTime } from './virtual-time.ts'

/** A feed, its handler, its checkpoint and its server, in a history of what can happen to them. */
export class FeedWorld {
  readonly runs: FeedRunLog[] = []
  private readonly setup: FeedSetup
  private readonly time: VirtualTime = new VirtualTime()
  private readonly server: FeedServer
  private readonly links: Links
  private kept: Position | undefined
  private handlerMs = 0
  private handlerFails = 0
  private backfillFails = false
  private saveFails = false
  /** The log may lose entries before anybody has read them. */
  private trims = false
  private held = 0
  private inHand = 0
  private mostInHand = 0
  private readonly wrong: string[] = []
  private process: Process = { name: 'feed', dead: false }
  private entries: Feed<Entry> | undefined
  private subscription: Subscription = Subscription.EMPTY

  constructor(setup: FeedSetup) {
    this.setup = setup
    this.server = new FeedServer(setup)
    this.links = new Links(this.time.scheduler, setup.delayMs, (message, link) => {
      this.server.receive(message, link)
    })
    this.server.links = this.links
  }

  /** Gives what is wrong. */
  play(actions: readonly FeedAction[]): readonly string[] {
    this.trims = actions.some(({ type }) => type === 'trim' || type === 'lose')
    this.boot()
    for (const action of actions) this.do(action)
    this.calm()
    for (const run of this.runs) this.wrong.push(...wrongWithRun(run))
    return this.wrong
  }

  private do(action: FeedAction): void {
    const { server, setup, time } = this
    switch (action.type) {
      case 'append':
        for (let i = 0; i < action.n; i++) server.append()
        return
      case 'repeat':
        if (knowsOlder(setup)) server.repeat(action.n)
        return
      case 'lose':
        if (setup.sequenced) server.lose += action.n
        return
      case 'trim':
        // Kept are those that may be on their way.
        if (setup.resumes || setup.backfills)
          server.trimmed = Math.max(server.trimmed, server.last - action.n)
        return
      case 'handler fails':
        this.handlerFails += action.n
        return
      case 'handler takes':
        this.handlerMs = action.ms
        return
      case 'backfill fails':
        this.backfillFails = true
        return
      case 'save fails':
        this.saveFails = true
        return
      case 'cut':
        this.links.cut()
        return
      case 'down':
        this.links.down = action.is
        if (action.is) this.links.cut()
        return
      case 'crash':
        this.process.dead = true
        this.subscription.unsubscribe()
        time.advance(1)
        this.boot()
        return
      case 'restart':
        this.subscription.unsubscribe()
        this.subscribe()
        return
      case 'time':
        time.advance(action.ms)
    }
  }

  /** The troubles are over: everything is delivered, done and saved, and nothing is left behind. */
  private calm(): void {
    const { server, links, time } = this
    links.down = false
    server.lose = 0
    this.handlerFails = 0
    this.handlerMs = 1
    this.backfillFails = this.saveFails = false
    time.advance(3_000)
    // Something that follows, so that a gap at the end is noticed.
    server.append()
    time.advance(3_000)
    const last = this.runs
      .at(-1)
      ?.events.filter(({ type }) => type === 'done')
      .at(-1)
    if (last?.type !== 'done' || last.seq !== server.last)
      this.wrong.push(`the last of ${server.last} was not done: ${JSON.stringify(last)}`)
    this.subscription.unsubscribe()
    time.advance(1_000)
    if (this.kept === undefined || server.seqOf(this.kept.cursor) !== server.last)
      this.wrong.push(`saved at the end: ${JSON.stringify(this.kept)}`)
    if (this.held !== 0) this.wrong.push(`the checkpoint is held ${this.held} times`)
    if (time.pending > 0) this.wrong.push(`${time.pending} timers were left`)
    if (links.open.size > 0) this.wrong.push(`${links.open.size} connections were left`)
    // What a backfill brings is delivered whole.
    if (!this.setup.backfills && this.mostInHand > this.setup.readAhead)
      this.wrong.push(`${this.mostInHand} were in hand, ${this.setup.readAhead} may be`)
  }

  /** A new process: nothing of the old one is left but what it saved. */
  private boot(): void {
    const process: Process = { name: 'feed', dead: false }
    this.process = process
    this.held = 0
    const { scheduler } = this.time
    const { setup, server } = this
    const socket = phoenixSocket('ws://localhost/socket', {
      transport: this.links.transport(process),
      scheduler,
      heartbeatIntervalMs: 0,
      reconnect: () => 10,
      rejoin: () => 10,
    })
    const options = {
      event: 'entry',
      cursor: ({ id }: Entry) => id,
      window: setup.window,
      readAhead: setup.readAhead,
      saveEveryMs: 10,
      backfillTimeoutMs: 50,
      scheduler,
      checkpoint: this.checkpoint(process),
      ...(setup.sequenced && { sequence: ({ seq }: Entry) => seq }),
      ...(setup.backfills && {
        backfill: ({ after, before }: { after: number | string; before: number | string | undefined }) =>
          this.fetch(server.seqOf(after), before === undefined ? undefined : server.seqOf(before)),
      }),
    }
    this.entries = setup.resumes
      ? feed(socket, { ...options, topic: TOPIC, params: (cursor) => ({ after: cursor ?? null }) })
      : feed(socket.channel(TOPIC), options)
    this.subscribe()
  }

  private subscribe(): void {
    const { entries, process, server, setup } = this
    const { scheduler } = this.time
    if (!entries) return
    const run: FeedRunLog = {
      loaded: undefined,
      began: undefined,
      isWhole: setup.resumes && setup.from === 'start' && !this.trims,
      isCounted: !setup.sequenced,
      events: [],
    }
    this.runs.push(run)
    this.inHand = 0
    const note = (event: FeedRunLog['events'][number]): void => {
      if (!process.dead && this.runs.at(-1) === run) run.events.push(event)
    }
    const handler = ({ seq }: Entry): Observable<number> =>
      defer(() => {
        if (this.handlerFails > 0) {
          this.handlerFails -= 1
          return timer(1, scheduler).pipe(
            map(() => {
              throw new Error('this time')
            }),
          )
        }
        return this.handlerMs === 0 ? of(seq) : timer(this.handlerMs, scheduler).pipe(map(() => seq))
      }).pipe(
        tap(() => {
          this.inHand -= 1
          note({ type: 'done', seq })
        }),
      )
    this.loaded = (position) => {
      // Not before: the run before may still be saving its last position, which is none of this run.
      this.noteSave = note
      run.loaded = position && server.seqOf(position.cursor)
      run.isCounted = !setup.sequenced || position?.sequence !== undefined
    }
    const subscription = entries
      .pipe(
        tap((event: FeedEvent<Entry>) => {
          switch (event.type) {
            case 'delivery':
              this.inHand += 1
              this.mostInHand = Math.max(this.mostInHand, this.inHand)
              note({ type: 'delivery', seq: event.value.seq })
              return
            case 'gap':
              note({
                type: 'gap',
                after: server.seqOf(event.after),
                before: event.before === undefined ? undefined : server.seqOf(event.before),
                missing: event.missing,
              })
              return
            case 'invalid':
              note({ type: 'invalid', seq: (event.payload as Entry).seq, tag: event.error._tag })
          }
        }),
        processWith(handler, { concurrency: setup.concurrency, retry: () => 5, scheduler }),
      )
      .subscribe({
        error: (error: Error & { readonly _tag: string }) => {
          if (error._tag !== 'CheckpointFailed') this.wrong.push(`the feed failed: ${error.message}`)
          // As an application does.
          else if (!process.dead && this.runs.at(-1) === run) this.subscribe()
        },
        complete: () => {
          this.wrong.push('the feed completed')
        },
      })
    // Behind the feed: when that is subscribed in the error of the run before, the positions of that one are still there.
    const positions = entries.position$.subscribe(({ cursor }) => {
      if (run.events.length === 0) run.began = server.seqOf(cursor)
    })
    if (this.runs.at(-1) === run)
      this.subscription = new Subscription(() => {
        subscription.unsubscribe()
        positions.unsubscribe()
      })
  }

  private noteSave: (event: FeedRunLog['events'][number]) => void = () => undefined
  private loaded: (position: Position | undefined) => void = () => undefined

  private checkpoint(process: Process) {
    const { saveMs } = this.setup
    const { scheduler } = this.time
    const later = (): Observable<unknown> => (saveMs === 0 ? of(0) : timer(saveMs, scheduler))
    return checkpointOf({
      load: () =>
        later().pipe(
          map(() => {
            if (this.held > 0) this.wrong.push('the checkpoint was loaded while it was held')
            this.held += 1
            this.loaded(this.kept)
            return this.kept
          }),
        ),
      save: (position) => {
        if (process.dead) return NEVER
        this.noteSave({ type: 'save', seq: this.server.seqOf(position.cursor), ahead: position.ahead })
        if (this.saveFails) {
          this.saveFails = false
          return concat(
            later().pipe(ignoreElements()),
            throwError(() => new Error('disk full')),
          )
        }
        return later().pipe(
          tap(() => {
            if (!process.dead) this.kept = position
          }),
        )
      },
      close: () => {
        // Also where the run ended while it was loading.
        if (!process.dead) this.held = 0
      },
    })
  }

  private fetch(after: number, before: number | undefined): Observable<Entry> {
    return timer(2 * this.setup.delayMs, this.time.scheduler).pipe(
      map(() => {
        const found = this.server.between(after, before)
        const failed = this.backfillFails || !found || this.links.down
        this.backfillFails = false
        if (failed) throw new Error('some are gone')
        return found
      }),
      mergeAll(),
    )
  }
}
