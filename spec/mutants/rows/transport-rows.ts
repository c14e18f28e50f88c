import { type RowMutant } from '../row-mutant.ts'

export const transportRows: readonly RowMutant[] = [
  {
    name: 'waits for ever behind a transport that completes',
    file: 'lib/connection/into-wire.ts',
    find: 'this.error(transportEnded())',
    replace: 'void transportEnded()',
    proves: ['marble-tests/connection/transport.marbles.ts › that completes has lost its connection'],
  },
  {
    name: 'asks no browser why it was refused',
    file: 'lib/transport/probe-refusal.ts',
    find: 'if (!isUnexplained(cause)) return',
    replace: 'if (!isUnexplained(cause) || cause) return',
    proves: [
      'marble-tests/transport/probe-refusal.marbles.ts › lets stopAfterRefusals end the retries in a browser too, with one request',
    ],
  },
  {
    name: 'asks for bytes as a Blob',
    file: 'lib/transport/native-web-socket.ts',
    find: "ws.binaryType = 'arraybuffer'",
    replace: "ws.binaryType = 'blob'",
    proves: [
      'spec/transport/native-web-socket.spec.ts › opens it with address and protocols, and asks for bytes as an ArrayBuffer',
    ],
  },
  {
    name: 'opens another class than the given one',
    file: 'lib/transport/platform-browser.ts',
    find: 'options.WebSocket ?? WebSocket',
    replace: 'WebSocket',
    proves: ['spec/transport/native-web-socket.spec.ts › takes the others, and opens the given class'],
  },
  {
    name: 'takes messages of any size',
    file: 'lib/transport/platform-node.ts',
    find: '...(options.maxPayload === undefined ? {} : { maxPayload: options.maxPayload }),',
    replace: '',
    proves: [
      'spec/transport/web-socket-failures.spec.ts › ends with code 1006 or 1009 when a message is larger than maxPayload',
    ],
  },
  {
    name: 'takes every close for a clean one',
    file: 'lib/transport/platform-node.ts',
    find: 'wasClean: code !== 1006',
    replace: 'wasClean: code !== 9999',
    proves: ['spec/transport/web-socket-failures.spec.ts › reports a link that was cut as code 1006'],
  },
  {
    name: 'does not say why a port was not reached',
    file: 'lib/transport/platform-node.ts',
    find: "${failure?.message ?? 'it was closed'}",
    replace: "${failure ? 'it was closed' : ''}",
    proves: ['spec/transport/web-socket-failures.spec.ts › reports a closed port'],
  },
  {
    name: 'tells a refusal without its status',
    file: 'lib/transport/refusal.ts',
    find: 'status: response.statusCode ?? 0',
    replace: 'status: 0',
    proves: [
      'spec/transport/web-socket-failures.spec.ts › reports the facts of an upgrade refused with %s',
      'spec/contract/connection.spec.ts › reports %s with the HTTP status (S12)',
    ],
  },
  {
    name: 'never offers compression',
    file: 'lib/transport/platform-node.ts',
    find: 'options.perMessageDeflate ?? false',
    replace: 'false',
    proves: [
      'spec/transport/web-socket-node.spec.ts › offers compression only if it is turned on: perMessageDeflate %s',
    ],
  },
  {
    name: 'goes past the agent',
    file: 'lib/transport/platform-node.ts',
    find: '...(options.agent === undefined ? {} : { agent: options.agent as Agent }),',
    replace: '',
    proves: ['spec/transport/web-socket-node.spec.ts › connects through an agent, such as that of a proxy'],
  },
  {
    name: 'ignores the options of TLS',
    file: 'lib/transport/platform-node.ts',
    find: `    ...options.tls,
`,
    replace: '',
    proves: [
      'spec/transport/web-socket-node.spec.ts › uses the given TLS options, here a shared key, and fails without',
    ],
  },
  {
    name: 'leaves the headers out',
    file: 'lib/transport/platform-node.ts',
    find: '...(options.headers && { headers: options.headers }),',
    replace: '',
    proves: [
      'spec/transport/web-socket.spec.ts › asks for the path, the params and the version, with the headers and protocols of its options',
    ],
  },
  {
    name: 'puts the token before the protocols of the options',
    file: 'lib/transport/web-socket.ts',
    find: '[...protocols, ...token.right]',
    replace: '[...token.right, ...protocols]',
    proves: [
      'spec/transport/web-socket.spec.ts › carries the auth token as a sub-protocol after those of the options, and not in the URL',
    ],
  },
  {
    name: 'closes with another code than 1000',
    file: 'lib/transport/platform-node.ts',
    find: 'ws.close(1000)',
    replace: 'ws.close(4000)',
    proves: ['spec/transport/web-socket.spec.ts › closes with code 1000 when it is unsubscribed'],
  },
  {
    name: 'waits for ever for an answer to its close',
    file: 'lib/transport/platform-node.ts',
    find: `cut ??= scheduler.schedule(() => {
          ws.terminate()
        }, CLOSE_TIMEOUT_MS)`,
    replace: 'cut ??= undefined',
    proves: ['spec/transport/web-socket.spec.ts › abandons a server that never answers the close'],
  },
  {
    name: 'writes each frame by itself',
    file: 'lib/transport/platform-node.ts',
    find: `      tcp.cork()
`,
    replace: '',
    proves: ['spec/transport/web-socket.spec.ts › sends the writes of one turn together'],
  },
  {
    name: 'never closes a connection',
    file: 'lib/transport/platform-node.ts',
    find: 'ws.close(1000)',
    replace: 'void 0',
    proves: ['spec/contract/connection.spec.ts › ends by itself after its push, and so does Node'],
  },
]
