const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

/**
 * A text as one line of a log: what moves a cursor, ends a line or turns the direction of writing is escaped, so that a
 * text of the other side cannot pass for a line of ours.
 */
export const oneLine = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
