import { randomBytes } from 'node:crypto'

/** A ref for an entry of a presence: unique, and short enough to travel with every diff. */
export const phxRef = (): string => randomBytes(12).toString('base64url')
