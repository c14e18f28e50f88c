import { gunzipSync, gzipSync } from 'node:zlib'
import { type Serializer, serializerV2 } from 'rx-phoenix'

/** Below this a frame would not become smaller. */
const WORTH_IT_CHARACTERS = 1_000
/** A small frame can hold a large one; past this it is turned down before it fills the memory. */
const MAX_BYTES = 8_000_000

/**
 * Messages as those of version 2.0.0, and the long ones compressed in a binary frame. The same for both ends, told apart by a
 * version of its own, which the server must know.
 */
export const gzipSerializer: Serializer = {
  vsn: '2.0.0-gzip',
  encode: (message) => {
    const encoded = serializerV2.encode(message)
    if (encoded._tag === 'Left') return encoded
    const frame = encoded.right
    // Binary frames are taken: they hold what is compressed.
    if (typeof frame !== 'string')
      return { _tag: 'Left', left: { _tag: 'BinaryUnsupported', vsn: gzipSerializer.vsn } }
    return frame.length < WORTH_IT_CHARACTERS ? encoded : { _tag: 'Right', right: gzipSync(frame) }
  },
  decode: (frame) =>
    serializerV2.decode(
      typeof frame === 'string' ? frame : gunzipSync(frame, { maxOutputLength: MAX_BYTES }).toString('utf8'),
    ),
}
