import { type RowMutant } from '../row-mutant.ts'

export const transportPartsRows: readonly RowMutant[] = [
  {
    name: 'asks a storage that has failed again',
    file: 'lib/transport/fallback/fallback-memory.ts',
    find: `    } catch {
      return undefined`,
    replace: `    } catch (error) {
      throw error`,
    proves: ['marble-tests/transport/fallback-memory.marbles.ts › is in memory alone where the storage %s'],
  },
  {
    name: 'remembers the fallback for ever',
    file: 'lib/transport/fallback/fallback-memory.ts',
    find: 'leftMs > 0 && leftMs <= forMs',
    replace: 'leftMs > -Infinity',
    proves: [
      'marble-tests/transport/fallback-memory.marbles.ts › is in the storage until it expires, under a name without credentials',
    ],
  },
  {
    name: 'names what it stores by the whole address',
    file: 'lib/transport/fallback/fallback-memory.ts',
    find: 'withoutSecrets(url)}',
    replace: 'url ?? withoutSecrets(url)}',
    proves: [
      'marble-tests/transport/fallback-memory.marbles.ts › is in the storage until it expires, under a name without credentials',
    ],
  },
  {
    name: 'remembers the moment for the network',
    file: 'lib/transport/fallback/with-fallback.ts',
    find: 'memory.keep(target.url, !everWorked)',
    replace: 'memory.keep(target.url, true || !everWorked)',
    proves: [
      'marble-tests/transport/fallback-memory.marbles.ts › is not in the storage if the primary has worked before: it is the moment and not the network',
    ],
  },
  {
    name: 'comes back without a second of quiet',
    file: 'lib/transport/fallback/with-fallback.ts',
    find: 'debounceTime(QUIET_MS, scheduler)',
    replace: 'debounceTime(9 * QUIET_MS, scheduler)',
    proves: [
      'marble-tests/transport/fallback-recheck.marbles.ts › tries the primary now and then, and comes back over it after a quiet second',
    ],
  },
  {
    name: 'falls back one failure late',
    file: 'lib/transport/fallback/with-fallback.ts',
    find: 'failed < failures &&',
    replace: 'failed <= failures &&',
    proves: [
      'marble-tests/transport/with-fallback.marbles.ts › tries the primary again after fewer failures than are allowed, and then the secondary',
    ],
  },
  {
    name: 'falls back for a connection that worked',
    file: 'lib/transport/fallback/with-fallback.ts',
    find: 'if (works) return throwError(() => cause)',
    replace: 'if (works && !cause) return throwError(() => cause)',
    proves: [
      'marble-tests/transport/with-fallback.marbles.ts › does not fall back because a connection ends that worked, however often',
    ],
  },
  {
    name: 'takes a primary for one that works that no frame comes through',
    file: 'lib/transport/fallback/with-fallback.ts',
    find: '      onceItCarries(target),',
    replace: '      (events$) => (void onceItCarries, void target, events$),',
    proves: [
      'marble-tests/transport/with-fallback.marbles.ts › uses the primary and nothing else where it works: it opens, and a frame comes through',
    ],
  },
  {
    name: 'sends each frame in a request of its own',
    file: 'lib/transport/long-poll/body.ts',
    find: 'texts.length === maxLines) break',
    replace: 'texts.length === 1 || maxLines === 0) break',
    proves: [
      'marble-tests/transport/long-poll-posts.marbles.ts › puts what is sent in one turn into one request, and what comes meanwhile into the next',
    ],
  },
  {
    name: 'sends a last word that does not outlive the page',
    file: 'lib/transport/long-poll/session.ts',
    find: 'subscriber.closed || pageLeaves',
    replace: 'pageLeaves',
    proves: [
      'marble-tests/transport/long-poll-posts.marbles.ts › still sends what was sent in the same turn, such as a leave, in a request that outlives a page',
    ],
  },
  {
    name: 'polls below the path of the WebSocket',
    file: 'lib/transport/long-poll/requests.ts',
    find: "addressOf(target, 'longpoll')",
    replace: "addressOf(target, 'websocket')",
    proves: [
      'marble-tests/transport/long-poll-requests.marbles.ts › go to /longpoll below the mount point, over HTTP, with params, version and token',
    ],
  },
  {
    name: 'forgets what was sent last',
    file: 'lib/transport/long-poll/session.ts',
    find: 'else outgoing.end()',
    replace: 'else sending.unsubscribe()',
    proves: [
      'marble-tests/transport/long-poll-socket.marbles.ts › joins, pushes, hears the reply with a poll, and leaves behind nothing that waits',
    ],
  },
  {
    name: 'takes any answer for a refusal',
    file: 'lib/transport/long-poll/errors.ts',
    find: 'status === 0',
    replace: 'status < 0',
    proves: ['marble-tests/transport/long-poll.marbles.ts › fails where the address answers with %s'],
  },
  {
    name: 'keeps the body of a refusal to itself',
    file: 'lib/transport/long-poll/errors.ts',
    find: 'new ConnectionRefused({ status, body,',
    replace: 'new ConnectionRefused({ status, body: undefined,',
    proves: ['marble-tests/transport/long-poll.marbles.ts › is refused with %s'],
  },
  {
    name: 'opens with the second answer',
    file: 'lib/transport/long-poll/long-poll.ts',
    find: 'answer.status === 410 && answer.token !== undefined',
    replace: 'answer.status === 200 && answer.token !== undefined',
    proves: [
      'marble-tests/transport/long-poll.marbles.ts › opens with the first answer, then asks again and again, one request at a time',
    ],
  },
  {
    name: 'has one code for every end of a session',
    file: 'lib/transport/long-poll/errors.ts',
    find: "return closed(1008, 'forbidden')",
    replace: "return closed(1011, 'forbidden')",
    proves: ['marble-tests/transport/long-poll.marbles.ts › ends with ConnectionClosed after %s'],
  },
  {
    name: 'waits for ever for an answer',
    file: 'lib/transport/long-poll/exchange.ts',
    find: 'first: heldDelay(requestTimeoutMs + uploadMs)',
    replace: 'first: heldDelay(99_000 + requestTimeoutMs + uploadMs)',
    proves: [
      'marble-tests/transport/long-poll.marbles.ts › reports a poll that is not answered in time, and aborts it',
    ],
  },
]
