/** The lines of a report of public types that have the type `any`. The word may stand in comments and in names. */
export const untyped = (report: string): readonly string[] =>
  report
    .split('\n')
    .filter((line) => /\bany\b(?!['"`?:(])/.test(line.replace(/\/\*.*?\*\/|\/\/.*|'[^']*'/g, '')))
