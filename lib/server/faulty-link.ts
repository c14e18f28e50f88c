import { type Frame } from '../protocol/message.ts'
import { type FaultBox } from './faults.ts'
import { type Link } from './link.ts'
import { type OutFrame } from './server-serializer.ts'
import { type ServerSocket } from './server-socket.ts'
import { transit } from './transit.ts'

/** A link with faults in both directions. Without faults in force it costs one look. */
export interface FaultyLink {
  readonly link: Link
  /** What comes in meets the faults here, and then `arrive`. */
  readonly incoming: (arrive: (frame: Frame) => void) => (frame: Frame) => void
  readonly end: () => void
}

export const faultyLink = (link: Link, box: FaultBox, socket: ServerSocket): FaultyLink => {
  const cut = (): void => {
    link.kill()
  }
  const out = transit({
    box,
    direction: 'out',
    socket,
    cut,
    arrive: (frame) => {
      link.send(typeof frame === 'string' ? textFrame(frame) : { binary: true, bytes: frame })
    },
  })
  const ends = [out.end]
  return {
    link: {
      ...link,
      send: (frame) => {
        if (box.current.frame || out.isBusy()) out.carry(frameOf(frame))
        else link.send(frame)
      },
    },
    incoming: (arrive) => {
      const inward = transit({ box, direction: 'in', socket, cut, arrive })
      ends.push(inward.end)
      return (frame) => {
        if (box.current.frame || inward.isBusy()) inward.carry(frame)
        else arrive(frame)
      }
    },
    end: () => {
      for (const end of ends) end()
    },
  }
}

const textFrame = (text: string): OutFrame => ({ binary: false, bytes: Buffer.from(text) })
const frameOf = ({ binary, bytes }: OutFrame): Frame => (binary ? bytes : Buffer.from(bytes).toString('utf8'))
