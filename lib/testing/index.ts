export { answerBy } from './answer-by.ts'
export { assertSent } from './assert-sent.ts'
export { type ExpectedFrame, heartbeatFrame, joinFrame, leaveFrame, pushFrame } from './client-frames.ts'
export { type ExpectSent, type SentExpectation } from './expect-sent.ts'
export { type FakeClock, fakeClock } from './fake-clock.ts'
export { type FakePage, fakePage } from './fake-page.ts'
export {
  answerOk,
  type FakePhoenix,
  fakePhoenix,
  type FakePhoenixOptions,
  type LinkScript,
  openLink,
} from './fake-phoenix.ts'
export { broadcast, closed, crashed, errorTo, okTo, pushed, replyTo, unmatchedTo } from './messages.ts'
export { type MarblePhoenix, type MarblePhoenixOptions, type ServerLine } from './marble-phoenix.ts'
export { type MarbleHelpers, marbles } from './marbles.ts'
export { recordedJoins, type RecordedJoin, type RecordedPush } from './recorded-joins.ts'
export { recordingTransport } from './recording-transport.ts'
export { replay, type ReplayOptions, type ReplayTransport } from './replay.ts'
export { ReplayDeviated } from './replay-deviated.ts'
export { runMarbles } from './run-marbles.ts'
export {
  type NotASession,
  parseSession,
  type Session,
  SESSION_VERSION,
  type SessionEvent,
  type SessionHeader,
} from './session.ts'
export { type ExpectedJoin } from './test-server/expected-join.ts'
export { type ExpectedPush } from './test-server/expected-push.ts'
export { type TestPresence } from './test-server/test-presence.ts'
export { type TestServer, testServer } from './test-server/test-server.ts'
export { type TestTopic } from './test-server/test-topic.ts'
