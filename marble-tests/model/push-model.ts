/** A push or a send, from subscription to its end: S5 and S6. */
export interface PushModel {
  readonly event: string
  readonly wantsReply: boolean
  /** Set when it is sent: refs are taken at send time. */
  ref?: string
  /** Of the join that it was sent in. */
  joinRef?: string
  over: boolean
  cancelTimer: () => void
  /** Tells its end to the subscriber, who may subscribe again at that. */
  readonly end: (what: string) => void
}
