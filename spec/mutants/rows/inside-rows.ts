import { type RowMutant } from '../row-mutant.ts'

export const insideRows: readonly RowMutant[] = [
  {
    name: 'makes trace events that nobody listens to',
    file: 'lib/phoenix-socket.ts',
    find: 'const trace: Trace = { emit: undefined }',
    replace: 'const trace: Trace = { emit: () => undefined }',
    proves: ['spec/connection/trace.spec.ts › costs nothing without a listener: there is nothing to call'],
  },
  {
    name: 'shows secrets in the trace',
    file: 'lib/inside/trace-events.ts',
    find: '{ frame: redact(frame), byteLength',
    replace: '{ frame: frame || redact(frame), byteLength',
    proves: [
      'spec/connection/trace.spec.ts › holds no token and no secret of params, payloads or the query',
      'spec/inside/console-trace.spec.ts › prints frames too, if asked to, without credentials',
    ],
  },
  {
    name: 'tells no time',
    file: 'lib/inside/trace-events.ts',
    find: 'const atMs = scheduler.now()',
    replace: 'const atMs = scheduler.now() * 0',
    proves: ['spec/connection/trace.spec.ts › emits every frame and every state, with the time'],
  },
  {
    name: 'does not measure',
    file: 'lib/inside/trace-events.ts',
    find: 'Math.max(0, atMs - work.startedAt)',
    replace: 'Math.max(0, work.startedAt - atMs)',
    proves: [
      'marble-tests/inside/trace.marbles.ts › emits in order what happens, when, and how long it took',
      'marble-tests/inside/trace.marbles.ts › emits heartbeats: their round trip, and those that were missed',
    ],
  },
  {
    name: 'adds up no time of encoding',
    file: 'lib/inside/counters.ts',
    find: 'codecMs: codecMs + durationMs',
    replace: 'codecMs',
    proves: [
      'spec/connection/trace.spec.ts › emits how long encoding and decoding took, and metrics add it up',
    ],
  },
  {
    name: 'prints what was not asked for',
    file: 'lib/inside/console-trace.ts',
    find: 'if (LEVELS.indexOf(line.level) > most) return',
    replace: 'if (LEVELS.indexOf(line.level) > 9 + most) return',
    proves: ['spec/inside/console-trace.spec.ts › prints only what failed, if asked to'],
  },
  {
    name: 'prints no state of a channel',
    file: 'lib/inside/describe-event.ts',
    find: 'text: `${topic}: ${status}${again}`',
    replace: 'text: `${topic}${again}`',
    proves: ['spec/inside/console-trace.spec.ts › prints transitions, joins and pushes'],
  },
  {
    name: 'does not count reconnects',
    file: 'lib/inside/counters.ts',
    find: 'this.connections.reconnects += 1',
    replace: 'void 0',
    proves: [
      'marble-tests/inside/metrics.marbles.ts › counts connections, reconnects, losses and failed attempts, on a socket that is open already',
    ],
  },
  {
    name: 'does not count bytes',
    file: 'lib/inside/counters.ts',
    find: 'bytes: bytes + sizeOf(frame)',
    replace: 'bytes: bytes + 0 * sizeOf(frame)',
    proves: ['marble-tests/inside/metrics.marbles.ts › counts frames and their bytes, drops and failures'],
  },
  {
    name: 'counts the wait of a push into its reply',
    file: 'lib/inside/counters.ts',
    find: 'latencyMs - waitedMs',
    replace: 'latencyMs',
    proves: [
      'marble-tests/inside/metrics.marbles.ts › counts pushes by outcome, and measures their wait and their reply apart',
    ],
  },
  {
    name: 'gives a value for each period',
    file: 'lib/inside/metrics.ts',
    find: 'merge(counted$, of(0))',
    replace: 'merge(counted$, events$, of(0))',
    proves: ['marble-tests/inside/metrics.marbles.ts › counts frames and their bytes, drops and failures'],
  },
  {
    name: 'connects to count',
    file: 'lib/inside/metrics.ts',
    find: 'merge(counted$, of(0))',
    replace: 'merge(counted$, of(0), socket)',
    proves: [
      'marble-tests/inside/metrics.marbles.ts › emits zeros immediately, does not connect, and emits nothing more while nothing happens',
    ],
  },
  {
    name: 'tells of every end that it was a good one',
    file: 'lib/inside/trace-events.ts',
    find: '{ ...event, id: work.id,',
    replace: "{ ...event, ...('outcome' in event && { outcome: 'ok' }), id: work.id,",
    proves: [
      'marble-tests/inside/trace.marbles.ts › emits every way in which a join can end, and why a channel is retried or ends',
      'marble-tests/inside/trace.marbles.ts › emits every way in which a push can end',
    ],
  },
]
