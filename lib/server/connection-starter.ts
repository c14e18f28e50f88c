import { type EndpointHost } from './endpoint-host.ts'
import { doubledBroadcastsOf, type FaultBox, joinDelayOf, leaveFaultOf } from './faults.ts'
import { faultyLink } from './faulty-link.ts'
import { type Hub } from './hub.ts'
import { type Registry } from './registry.ts'
import { socketProcess, type SocketProcess } from './socket-process.ts'
import { type Trace } from './trace.ts'

interface Parts {
  readonly hub: Hub
  readonly registry: Registry
  readonly faults: FaultBox
  readonly trace: Trace
}

/** Starts a connection over a link, with the faults in force, and keeps the list of those that are open. */
export const connectionStarter = ({
  hub,
  registry,
  faults,
  trace,
}: Parts): Pick<EndpointHost, 'start' | 'finish'> => ({
  start: ({ path, channelFor, maxChannels, maxBufferedBytes }, { socket, serializer }, transport, bare) => {
    const { link, incoming, end } = faultyLink(bare, faults, socket)
    const inner = socketProcess({
      path,
      socket,
      serializer,
      hub,
      trace,
      channelFor,
      faults: {
        joinDelayMs: (topic) => joinDelayOf(faults.current, topic),
        leave: (topic) => leaveFaultOf(faults.current, topic),
        doubledBroadcasts: (topic) => doubledBroadcastsOf(faults.current, topic),
      },
      maxChannels,
      maxBufferedBytes,
      link,
    })
    const process: SocketProcess = {
      ...inner,
      receive: incoming(inner.receive),
      ended: () => {
        end()
        inner.ended()
      },
    }
    registry.add(process)
    trace({ _tag: 'Opened', path, transport, id: socket.id })
    return process
  },
  finish: (process) => {
    registry.remove(process)
    trace({ _tag: 'Closed', id: process.socket.id })
  },
})
