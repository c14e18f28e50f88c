/** What the build replaces by true or false. Where source runs as it is (tests, examples) nobody defines it. */
declare const __DEV__: boolean | undefined

/**
 * True in the development build, and where source runs as it is. The production build leaves out what stands behind it:
 * long texts of errors, and checks of what only a programmer writes. `docs/builds.md` lists the differences.
 */
export const DEV: boolean = typeof __DEV__ === 'undefined' || __DEV__
