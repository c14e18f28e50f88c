import { type Message } from '../protocol/message.ts'
import { type ExpectedFrame } from './client-frames.ts'
import { sameValue } from './same-value.ts'
import { showValue } from './show-value.ts'

/** An expected frame that decides whether a frame of the client matches, for any comparison of values. */
export class FrameLike {
  constructor(private readonly expected: ExpectedFrame) {}

  asymmetricMatch(actual: unknown): boolean {
    return Object.entries(this.expected).every(([key, value]) =>
      sameValue((actual as Message | undefined)?.[key as keyof Message], value),
    )
  }

  /** `room:lobby new_msg {"body":"hi"}`, as frames that came are shown; what is not compared is left out. */
  toString(): string {
    const { topic = 'any topic,', event = 'any event', ...rest } = this.expected
    const { payload, ...refs } = rest
    const shown = [payload, ...(Object.keys(refs).length > 0 ? [refs] : [])].filter(
      (each) => each !== undefined,
    )
    return [topic, event, ...shown.map(showValue)].join(' ')
  }
}
