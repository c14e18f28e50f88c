import { type OpenLockedFile } from './locked-file.ts'

/** There are no files in browsers. */
export const lockedFile: OpenLockedFile | undefined = undefined
