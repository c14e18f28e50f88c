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
export { type MarbleHelpers, marbles } from './run-marbles.ts'
export { recordedJoins, type RecordedJoin, type RecordedPush } from './recorded-joins.ts'
export { recordingTransport } from './recording-transport.ts'
export {
  type NotASession,
  parseSession,
  type Session,
  SESSION_VERSION,
  type SessionEvent,
  type SessionHeader,
} from './session.ts'
