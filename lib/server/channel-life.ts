import { PHX_CLOSE, PHX_ERROR } from '../protocol/event.ts'
import { type TerminateReason } from './channel-definition.ts'
import { isThenable } from './mailbox.ts'
import { isOrderly, type StopReason } from './result.ts'
import { type Trace } from './trace.ts'

/** The message to the client when a channel ends; none if the connection is lost or the join is replaced. */
export type Told = typeof PHX_CLOSE | typeof PHX_ERROR | undefined

/** The life of one join: it joins, is joined, and ends once. */
export interface ChannelLife {
  readonly status: () => 'joining' | 'joined' | 'ending' | 'ended'
  /** Gives true if the channel is joined from now on. */
  readonly begin: () => boolean
  /** Ends it from outside; nothing is sent to the client. */
  readonly end: (reason: TerminateReason) => void
  readonly leave: () => void
  readonly stop: (reason: StopReason) => void
  readonly crash: (error: unknown, event: string) => void
  /** Ends it as killing its process would: immediately and without `terminate`. */
  readonly kill: (error: unknown) => void
}

interface LifeOptions {
  readonly topic: string
  readonly trace: Trace
  /** Nothing more is to be handled. */
  readonly ending: () => void
  readonly terminate: (reason: TerminateReason) => unknown
  /** All is done, `terminate` included. */
  readonly ended: (told: Told) => void
}

export const channelLife = ({ topic, trace, ending, terminate, ended }: LifeOptions): ChannelLife => {
  let status: ReturnType<ChannelLife['status']> = 'joining'
  const isOver = (): boolean => status === 'ending' || status === 'ended'

  const finish = (reason: TerminateReason, told: Told, hasLastWord = status === 'joined'): void => {
    if (isOver()) return
    status = 'ending'
    ending()
    const done = (): void => {
      status = 'ended'
      ended(told)
    }
    const failed = (error: unknown): void => {
      trace({ _tag: 'ChannelCrashed', topic, event: 'terminate', error })
      done()
    }
    try {
      const pending = hasLastWord ? terminate(reason) : undefined
      if (isThenable(pending)) void pending.then(done, failed)
      else done()
    } catch (error) {
      failed(error)
    }
  }

  return {
    status: () => status,
    begin: () => {
      if (status !== 'joining') return false
      status = 'joined'
      return true
    },
    end: (reason) => {
      finish(reason, undefined)
    },
    leave: () => {
      finish({ _tag: 'Left' }, PHX_CLOSE)
    },
    stop: (reason) => {
      if (isOver()) return
      if (!isOrderly(reason)) trace({ _tag: 'ChannelCrashed', topic, event: 'stop', error: reason })
      finish({ _tag: 'Stopped', reason }, isOrderly(reason) ? PHX_CLOSE : PHX_ERROR)
    },
    crash: (error, event) => {
      if (isOver()) return
      trace({ _tag: 'ChannelCrashed', topic, event, error })
      finish({ _tag: 'Crashed', error }, PHX_ERROR)
    },
    kill: (error) => {
      finish({ _tag: 'Crashed', error }, PHX_ERROR, false)
    },
  }
}
