import * as core from '../../lib/index.ts'
import * as liveState from '../../lib/live-state/index.ts'
import * as server from '../../lib/server/index.ts'
import * as testing from '../../lib/testing/index.ts'

/** The names that are there at run time. A change of the public surface has to be made here too, so that it shows. */
const surfaces = {
  'rx-phoenix': [
    core,
    [
      'AlreadyJoined',
      'ChannelClosed',
      'ChannelCrashed',
      'ConnectTimeout',
      'ConnectionClosed',
      'ConnectionFailed',
      'ConnectionLost',
      'ConnectionRefused',
      'DecodeFailed',
      'HeartbeatTimeout',
      'InputFailed',
      'InvalidArgument',
      'InvalidPayload',
      'JoinRefused',
      'JoinTimeout',
      'PushRefused',
      'PushTimeout',
      'TooManyChannels',
      'Unauthorized',
      'browserPause',
      'browserWake',
      'consoleTrace',
      'decodePresenceDiff',
      'decodePresenceState',
      'defaultReconnect',
      'defaultRejoin',
      'exponentialBackoff',
      'fullJitter',
      'heedRetryAfter',
      'longPollTransport',
      'phoenixJsPolicies',
      'hideKeys',
      'metrics',
      'phoenixSocket',
      'presence',
      'probeRefusal',
      'serializerV1',
      'serializerV2',
      'singleFlight',
      'steppedBackoff',
      'stopAfter',
      'stopAfterRefusals',
      'stopOn',
      'syncDiff',
      'syncState',
      'toEither',
      'webSocketTransport',
      'withFallback',
    ],
  ],
  'rx-phoenix/live-state': [liveState, ['applyPatch', 'dialects', 'liveState', 'optimistic']],
  'rx-phoenix/server': [
    server,
    [
      'accept',
      'channel',
      'error',
      'liveStateChannel',
      'next',
      'ok',
      'phoenixServer',
      'presence',
      'randomFaults',
      'refuse',
      'reply',
      'stop',
    ],
  ],
  'rx-phoenix/testing': [
    testing,
    [
      'answerOk',
      'broadcast',
      'closed',
      'crashed',
      'errorTo',
      'fakeClock',
      'fakePage',
      'fakePhoenix',
      'marbles',
      'okTo',
      'openLink',
      'pushed',
      'replyTo',
      'unmatchedTo',
    ],
  ],
} as const

describe('the public surface', () => {
  it.each(Object.entries(surfaces))('of %s is the names that it promises', (_entry, [entry, names]) => {
    expect(Object.keys(entry).sort()).toEqual([...names].sort())
  })
})
