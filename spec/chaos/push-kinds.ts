import { isDeepStrictEqual } from 'node:util'
import { type PushKind } from './ledger.ts'

const never = (): boolean => false
const isEmpty = (_payload: unknown, response: unknown): boolean => isDeepStrictEqual(response, {})

const kind = (event: string, truth: PushKind['truth'], further: Partial<PushKind> = {}): PushKind => ({
  event,
  truth,
  shows: false,
  ...further,
})

/** Pushes of a room of the contract app, and how each may end. */
export const echo: PushKind = kind('echo', isDeepStrictEqual)
export const fail: PushKind = kind('fail', never, { refusal: isDeepStrictEqual })
export const slow: PushKind = kind('slow', isDeepStrictEqual)
export const noReply: PushKind = kind('noreply', never)
export const broadcast: PushKind = kind('broadcast', isEmpty, { shows: true })
export const broadcastSend: PushKind = kind('broadcast', never, { shows: true, isSend: true })
export const pushBack: PushKind = kind('push_then_reply', isDeepStrictEqual)
export const crash: PushKind = kind('crash', never)
export const stop: PushKind = kind('stop', never)
