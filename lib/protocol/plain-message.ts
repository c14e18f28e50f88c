import { type Message } from './message.ts'

/** A message whose payload has been read, for users: they may copy or print it. */
export const plainMessage = ({ joinRef, ref, topic, event, payload }: Message): Message => ({
  joinRef,
  ref,
  topic,
  event,
  payload,
})
