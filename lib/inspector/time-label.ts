/** A time since the beginning, in words as exact as a step of the ruler is, in ms. */
export const timeLabel = (ms: number, step = 1): string => {
  if (step < 1) return `${ms.toFixed(2)} ms`
  if (Math.abs(ms) < 1_000 && step < 1_000) return `${Math.round(ms)} ms`
  if (step < 1_000) return `${(ms / 1_000).toFixed(step < 100 ? 2 : 1)} s`
  const seconds = Math.abs(Math.round(ms / 1_000))
  const sign = ms < 0 && seconds > 0 ? '-' : ''
  if (seconds < 60) return `${sign}${seconds} s`
  return `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
