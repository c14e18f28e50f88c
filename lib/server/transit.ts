import { type Frame } from '../protocol/message.ts'
import { type FaultBox, faultOf, garbled } from './faults.ts'
import { heldDelay } from '../protocol/max-delay.ts'
import { type ServerSocket } from './server-socket.ts'

/** One direction of one connection, with its faults. */
export interface Transit {
  readonly carry: (frame: Frame) => void
  /** True while frames are on their way, which later ones must not overtake. */
  readonly isBusy: () => boolean
  /** Forgets what is on its way. */
  readonly end: () => void
}

interface TransitOptions {
  readonly box: FaultBox
  readonly direction: 'in' | 'out'
  readonly socket: ServerSocket
  readonly arrive: (frame: Frame) => void
  readonly cut: () => void
}

/** Carries frames in order. Without faults in force they arrive in the same turn. */
export const transit = ({ box, direction, socket, arrive, cut }: TransitOptions): Transit => {
  let late: { readonly frame: Frame; readonly delayMs: number }[] = []
  let timer: NodeJS.Timeout | undefined
  let live = true

  const wait = (): void => {
    const [first] = late
    if (!first || !live) return
    timer = setTimeout(() => {
      late.shift()
      wait()
      arrive(first.frame)
    }, heldDelay(first.delayMs))
  }
  const deliver = (frame: Frame, delayMs: number): void => {
    if (late.length === 0 && delayMs === 0) {
      arrive(frame)
      return
    }
    late.push({ frame, delayMs })
    if (late.length === 1) wait()
  }

  return {
    carry: (frame) => {
      if (!live) return
      const fault = faultOf(box.current, { direction, frame, socket })
      if (fault === 'drop') return
      if (fault === 'cut') cut()
      else if (fault === 'pass') deliver(frame, 0)
      else if (fault === 'garble') deliver(garbled(frame), 0)
      else if ('delayMs' in fault) deliver(frame, fault.delayMs)
      else deliver(fault.replaceWith, 0)
    },
    isBusy: () => late.length > 0,
    end: () => {
      live = false
      clearTimeout(timer)
      late = []
    },
  }
}
