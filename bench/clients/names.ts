/** Who is measured, in the rows that each can take part in. */
export const clients = ['raw', 'phoenix', 'supabase', 'rxws', 'sketch', 'rx'] as const
export type ClientName = (typeof clients)[number]
