/** Who is measured: `raw` and `rx` in every row, the others where they can. */
export const clients = ['raw', 'phoenix', 'supabase', 'rxws', 'sketch', 'rx'] as const
export type ClientName = (typeof clients)[number]
