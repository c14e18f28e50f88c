import { type Wire } from './wire.ts'

/**
 * Looks for what shows no event: bytes that went out or came in since the last look. A line that is busy with a large frame
 * is alive, although the answer to a heartbeat queues behind it.
 */
export const signsOfLife = (wire: Wire): (() => boolean) => {
  let { bufferedAmount, bytesReceived } = wire
  return () => {
    const alive = wire.bufferedAmount < bufferedAmount || wire.bytesReceived !== bytesReceived
    ;({ bufferedAmount, bytesReceived } = wire)
    return alive
  }
}
