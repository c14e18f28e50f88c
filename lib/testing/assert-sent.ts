import { type ExpectedFrame } from './client-frames.ts'
import { type FakePhoenix } from './fake-phoenix.ts'
import { FrameLike } from './frame-like.ts'
import { showValue } from './show-value.ts'

/**
 * Throws an Error unless the client has sent these frames so far, in this order and no others; it lists both side by side.
 * Of each frame only what is named is compared. For tests without marbles, in any test framework.
 *
 * @param server - a fake server, or the frames that it has received: `server.sent.filter(…)`.
 */
export const assertSent = (
  server: Pick<FakePhoenix, 'sent'> | FakePhoenix['sent'],
  frames: readonly ExpectedFrame[],
): void => {
  const sent = 'sent' in server ? server.sent : server
  const expected = frames.map((frame) => new FrameLike(frame))
  const isSame = (i: number): boolean =>
    sent[i] !== undefined && (expected[i]?.asymmetricMatch(sent[i]) ?? false)
  const rows = Array.from({ length: Math.max(sent.length, expected.length) }, (_, i) => i)
  if (rows.every(isSame)) return
  const lines = rows.flatMap((i) => {
    const came = sent[i] ? showValue(sent[i]) : 'nothing'
    const number = `${i + 1}.`.padStart(4)
    if (isSame(i)) return [`${number} ${came}`]
    return [`${number} expected ${expected[i] ? String(expected[i]) : 'nothing'}`, `     sent     ${came}`]
  })
  throw new Error(['The client did not send the expected frames.', ...lines].join('\n'))
}
