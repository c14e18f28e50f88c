import { type OpenLockedFile } from './locked-file.ts'

/** Browsers have no files. */
export const lockedFile: OpenLockedFile | undefined = undefined
