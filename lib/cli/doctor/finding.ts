/** `note`: worth knowing. `warning`: works, but perhaps not for long or not for everybody. `problem`: does not work. */
export type Verdict = 'ok' | 'note' | 'warning' | 'problem'

export type Check =
  'url' | 'dns' | 'tcp' | 'tls' | 'websocket' | 'heartbeat' | 'vsn' | 'origin' | 'longpoll' | 'join' | 'idle'

export interface Finding {
  readonly check: Check
  readonly verdict: Verdict
  readonly found: string
  /** The likely one. */
  readonly cause?: string
  readonly fix?: string
}
