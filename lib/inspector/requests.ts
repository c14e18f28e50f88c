import { type TraceEvent } from '../index.ts'
import { type Lane, type Mark, type TracedFrame } from './lane.ts'
import { type Lanes } from './lanes.ts'

/** What the trace says of a join, a push or a heartbeat: its start, its sending, its end. */
export type Work = Extract<TraceEvent, { readonly type: 'join' | 'push' | 'heartbeat' }>

/** What the client asks of the server. The trace reports it and the frames that carry it separately; here they become one mark. */
export class Requests {
  /** What has started and not ended, by its id in the trace. */
  private readonly running: Map<number, Mark> = new Map()
  /** What was sent and has no reply, by connection and ref. */
  private readonly awaited: Map<string, Mark> = new Map()

  constructor(private readonly lanes: Lanes) {}

  follow(work: Work): void {
    if (work.step === 'start') {
      this.start(work)
      return
    }
    const mark = this.running.get(work.id)
    if (!mark) return
    if (work.type === 'push' && work.ref !== undefined)
      this.awaited.set(keyOf(work.connectionId, work.ref), mark)
    if (work.step !== 'end') return
    mark.untilMs = work.atMs
    mark.outcome = work.outcome
    this.running.delete(work.id)
  }

  /** Puts a frame of the client on the mark of what it asks for. */
  sent(frame: TracedFrame): void {
    const { message, connectionId, atMs } = frame
    if (!message) return
    const key = keyOf(connectionId, message.ref)
    const lane = this.lanes.ofMessage(message.topic, connectionId)
    const mark = this.awaited.get(key) ?? this.begun(lane, message.event) ?? unannounced(lane, frame)
    mark.sent = frame
    if (message.event === 'phx_leave') mark.untilMs = atMs
    this.awaited.set(key, mark)
  }

  /** Puts a reply on the mark of what it replies to, if that is known, and returns the mark. */
  replied(frame: TracedFrame): Mark | undefined {
    const key = keyOf(frame.connectionId, frame.message?.ref)
    const mark = this.awaited.get(key)
    this.awaited.delete(key)
    if (!mark) return undefined
    mark.received = frame
    mark.untilMs ??= frame.atMs
    return mark
  }

  dropBefore(atMs: number): void {
    for (const [key, mark] of this.awaited) if (mark.atMs < atMs) this.awaited.delete(key)
    for (const [id, mark] of this.running) if (mark.atMs < atMs) this.running.delete(id)
  }

  private start(work: Work): void {
    const lane =
      work.type === 'heartbeat'
        ? this.lanes.connectionWith(work.connectionId)
        : this.lanes.channel(work.topic)
    const label = work.type === 'push' ? work.event : work.type
    this.running.set(work.id, lane.mark(work.type, label, work.atMs))
  }

  /** The join or heartbeat that has started and whose frame this is: the frame follows the start. */
  private begun(lane: Lane, event: string): Mark | undefined {
    const kind = event === 'phx_join' ? 'join' : event === 'heartbeat' ? 'heartbeat' : undefined
    if (!kind) return undefined
    for (const mark of this.running.values())
      if (mark.lane === lane && mark.kind === kind && !mark.sent) return mark
    return undefined
  }
}

const keyOf = (connectionId: number | undefined, ref: string | null | undefined): string =>
  `${connectionId} ${ref}`

/** A leave, or something that began before the trace did. */
const unannounced = (lane: Lane, { message, atMs }: TracedFrame): Mark => {
  const event = message?.event ?? ''
  const kind = event === 'phx_leave' ? 'leave' : event === 'phx_join' ? 'join' : 'push'
  return lane.mark(kind, kind === 'push' ? event : kind, atMs)
}
