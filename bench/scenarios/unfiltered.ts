/** Who takes part where those who filter, or search a list, would take minutes to begin. */
export const unfiltered = ['raw', 'phoenix', 'sketch', 'rx'] as const
