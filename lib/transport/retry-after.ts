/** `retry-after` holds seconds, or a date, which is left out: our clock may differ from the server's. */
export const retryAfterMs = (header: string | null | undefined): number | undefined => {
  const seconds = Number(header ?? undefined)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}
