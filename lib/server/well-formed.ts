/** Any escape of a JSON text; a pair of surrogates is one match, so that a surrogate in `lone` has no partner. */
const ESCAPE = /\\(?:ud[89ab]..\\ud[c-f]..|(?<lone>ud[89a-f])|.)/gi

/**
 * Whether a JSON text contains no lone surrogate. JavaScript can carry one, as an escape; no text in UTF-8 can, so a Phoenix
 * server refuses it before anybody else gets it.
 */
export const isWellFormed = (json: string): boolean => {
  if (!/\\ud/i.test(json)) return true
  for (const { groups } of json.matchAll(ESCAPE)) if (groups?.['lone'] !== undefined) return false
  return true
}
