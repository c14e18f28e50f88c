/** The number that each payload of the bench carries. */
export const numberOfObject = (payload: unknown): number => (payload as { n: number }).n
