/** What the build replaces by true or false. Where the source runs unbuilt (tests, examples) it is not defined. */
declare const __DEV__: boolean | undefined

/**
 * True in the development build, and where the source runs unbuilt. The production build leaves out what stands behind it:
 * long texts of errors, and checks of what only a programmer writes. `docs/builds.md` lists the differences.
 */
export const DEV: boolean = typeof __DEV__ === 'undefined' || __DEV__
