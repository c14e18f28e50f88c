import { type RowMutant } from '../row-mutant.ts'

export const socketRows: readonly RowMutant[] = [
  {
    name: 'gives no round trips',
    file: 'lib/phoenix-socket.ts',
    find: 'wireOf(state)?.latency$ ?? EMPTY',
    replace: 'wireOf(state) && EMPTY',
    proves: [
      'marble-tests/connection/latency.marbles.ts › connects, and gives the round trip of each heartbeat',
    ],
  },
  {
    name: 'pings without a heartbeat',
    file: 'lib/phoenix-socket.ts',
    find: 'beat(wire, probeDeadlineMs(heartbeatIntervalMs))',
    replace: '(void beat, void probeDeadlineMs, of(0))',
    proves: [
      'marble-tests/connection/latency.marbles.ts › connects, sends one heartbeat when the socket is open, gives its round trip, and closes',
    ],
  },
  {
    name: 'lets a ping outlive its connection',
    file: 'lib/phoenix-socket.ts',
    find: 'throwError(() => new ConnectionLost({ sent: true, cause }))',
    replace: '(void new ConnectionLost({ sent: true, cause }), EMPTY)',
    proves: [
      'marble-tests/connection/latency.marbles.ts › fails with HeartbeatTimeout, ConnectionLost or PushTimeout, as the case may be',
    ],
  },
  {
    name: 'shows a socket as idle always',
    file: 'lib/phoenix-socket.ts',
    find: 'return this.inside().connections.first.state',
    replace: "return { status: 'idle' }",
    proves: [
      'marble-tests/connection/policy.marbles.ts › errors with the cause, without a wait, and is idle afterwards',
    ],
  },
  {
    name: 'connects when it is made',
    file: 'lib/phoenix-socket.ts',
    find: '    this.inside = () => inside',
    replace: `    this.inside = () => inside
    inside.connections.first.states$.subscribe()`,
    proves: [
      'marble-tests/connection/share.marbles.ts › does nothing until somebody subscribes',
      'marble-tests/page/browser-wake.marbles.ts › and no socket connects without subscribers',
    ],
  },
  {
    name: 'does not listen to wake',
    file: 'lib/phoenix-socket.ts',
    find: "unlessEmpty(given.wake, (wake$) => reported('wake', wake$, trace, EMPTY).pipe(share()))",
    replace: 'EMPTY',
    proves: [
      'marble-tests/connection/wake.marbles.ts › ends a wait immediately, and tries again',
      'marble-tests/connection/wake.marbles.ts › probes an open connection with a deadline of min(interval, 5 s), and reconnects if nothing comes',
      'marble-tests/connection/wake.marbles.ts › restarts an attempt that has hung as long as a probe may, as on a page that slept, once for several wakes',
    ],
  },
  {
    name: 'shows no channels',
    file: 'lib/inside/inspect.ts',
    find: 'channels: Array.from(topics.all(), (topic) => channelOf(topic, atMs)),',
    replace: 'channels: [],',
    proves: [
      'marble-tests/inside/inspect.marbles.ts › shows channels that wait, join and are joined, and pushes without a reply, with their age',
    ],
  },
]
