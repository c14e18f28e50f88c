import { isLeft } from 'fp-ts/Either'
import { DecodeFailed } from './decode-failed.ts'
import { type Message } from './message.ts'
import { parseJson } from './parse-json.ts'

/**
 * A message whose payload is parsed when it is read, and then kept: an event that nobody reads costs its header and no
 * more. Reading invalid JSON throws `DecodeFailed`, each time.
 */
class ScannedMessage implements Message {
  constructor(
    /** Dropped with the first reading. */
    private frame: string | undefined,
    readonly joinRef: string | null,
    readonly ref: string | null,
    readonly topic: string,
    readonly event: string,
    /** Where it begins in the frame; then the payload itself. */
    private held: unknown,
  ) {}

  get payload(): unknown {
    if (this.frame === undefined) return this.held
    const parsed = parseJson(this.frame.slice(this.held as number, -1))
    if (isLeft(parsed)) throw new DecodeFailed({ frame: this.frame, error: parsed.left })
    this.frame = undefined
    return (this.held = parsed.right)
  }
}

/** Two refs, topic and event, each without escapes: no quote, no backslash, no control character. */
const HEADER =
  /^\[(?:null|"([ !#-[\]-\uffff]*)"),(?:null|"([ !#-[\]-\uffff]*)"),"([ !#-[\]-\uffff]*)","([ !#-[\]-\uffff]*)",/

/**
 * Reads the header of a text frame as Phoenix writes it, `["1","2","topic","event",…]`, in a fifth of the time that
 * `JSON.parse` takes for the whole. Undefined where it is not sure (escapes, spaces, another form): parse that frame.
 */
export const scanText = (frame: string): Message | undefined => {
  const found = HEADER.exec(frame)
  if (!found || !frame.endsWith(']')) return undefined
  const [header, joinRef = null, ref = null, topic = '', event = ''] = found
  return new ScannedMessage(frame, joinRef, ref, topic, event, header.length)
}
