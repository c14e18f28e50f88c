import { describeError } from '../../lib/cli/describe-error.ts'
import {
  AlreadyJoined,
  ChannelClosed,
  ChannelCrashed,
  ConnectionClosed,
  ConnectionFailed,
  ConnectionLost,
  ConnectionRefused,
  ConnectTimeout,
  HeartbeatTimeout,
  InputFailed,
  InvalidArgument,
  InvalidPayload,
  JoinRefused,
  JoinTimeout,
  PushRefused,
  PushTimeout,
  TooManyChannels,
  Unauthorized,
} from '../../lib/index.ts'
import { NEEDS_SUB_PROTOCOL } from '../../lib/transport/native-web-socket.ts'

const topic = 'room:a'
const event = 'save'
const refused = new ConnectionRefused({ status: 403 })

/** Words that only a program can use. */
const OF_THE_LIBRARY =
  /authToken|\w+Ms\b|"?reconnect"? decides|channelsPerConnection|\bsend\(\)|subscribe|see (cause|response|body)|\b(web|long)\w+Transport|sub-protocol\.$/

describe('an error on the command line', () => {
  it.each<[Error, RegExp]>([
    [refused, /HTTP status 403: check --params, --token-env and --header origin/],
    [new ConnectionRefused({ status: 404 }), /404: no socket is mounted at this path/],
    [
      new ConnectionRefused({ status: 429, retryAfterMs: 2500 }),
      /429: too many attempts, try again in 2.5 s\.$/,
    ],
    [new ConnectionRefused({ status: 429 }), /429: too many attempts\.$/],
    [new ConnectionRefused({ status: 302 }), /302; run rx-phoenix doctor to find out why\.$/],
    [new ConnectionRefused({ status: 503 }), /503: its connect callback raised, or it is starting\.$/],
    [
      new ConnectionFailed(`no. ${NEEDS_SUB_PROTOCOL}`),
      /With --token-env the socket needs `auth_token: true`/,
    ],
    [new ConnectionClosed({ code: 1006, reason: '', wasClean: false }), /closed with code 1006\.$/],
    [
      new ConnectionClosed({ code: 1009, reason: 'big', wasClean: false }),
      /1009 \(big\); a frame was larger/,
    ],
    [new ConnectTimeout(10_000), /within 10 s; raise --timeout/],
    [new HeartbeatTimeout(30_000), /did not answer a heartbeat within 30 s\.$/],
    [
      new InputFailed('authToken', new InvalidArgument('authToken', 'x', 'a header cannot carry it.')),
      /^InputFailed: --token-env cannot be used: --token-env is "?\[redacted\]"?: a header cannot carry it\.$/,
    ],
    [new InputFailed('params', 'hush'), /^InputFailed: --params cannot be used\.$/],
    [new InvalidArgument('url', 'x', 'it must be absolute.'), /: The URL is "x": it must be absolute\.$/],
    [new InvalidArgument('webSocketTransport.headers', 'é', 'no.'), /: --header is "é": no\.$/],
    [new InvalidArgument('params', {}, 'no.'), /: --params is /],
    [new Unauthorized({ attempts: 2, cause: refused }), /the last with HTTP status 403\.$/],
    [
      new JoinRefused({ topic, response: { reason: 'full' } }),
      /join of "room:a": full\.\n\{"reason":"full"\}$/,
    ],
    [new JoinRefused({ topic, response: 7 }), /join of "room:a"\.\n7$/],
    [new JoinTimeout({ topic, timeoutMs: 500 }), /within 0.5 s; raise --timeout if/],
    [new TooManyChannels(topic), /name fewer topics, or raise max_channels_per_transport/],
    [new AlreadyJoined({ topic, option: 'params' }), /"room:a" is joined already; name it only once\.$/],
    [new ChannelCrashed({ topic, payload: {} }), /crashed on the server; see its log\.$/],
    [new PushRefused({ topic, event, status: 'error', response: [1] }), /with status "error"\.\n\[1\]$/],
    [
      new PushTimeout({ topic, event, sent: true, timeoutMs: 1000 }),
      /use --no-reply, otherwise raise --timeout\.$/,
    ],
    [new PushTimeout({ topic, event, sent: false, timeoutMs: 1000 }), /was not joined within 1 s\.$/],
    [new ConnectionLost({ sent: true }), /unknown whether the server received the push\.$/],
    [new ConnectionLost({ sent: false }), /before the push was sent\.$/],
    [new ChannelClosed({ topic, sent: true }), /closed "room:a" before the push was answered\.$/],
    [new ChannelClosed({ topic, sent: false }), /closed "room:a" before the push was sent\.$/],
    [
      new InvalidPayload({ topic, event, error: { _tag: 'BinaryUnsupported', vsn: '1.0.0' } }),
      /version 1\.0\.0 of the protocol cannot carry bytes; use --vsn 2\.0\.0\.$/,
    ],
    [new TypeError('out of luck'), /^TypeError: out of luck$/],
  ])('%s is explained with flags of the command line', (error, words) => {
    const text = describeError(error)
    expect(text).toMatch(words)
    expect(text).not.toMatch(OF_THE_LIBRARY)
  })
})
