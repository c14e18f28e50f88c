const FIXED: Readonly<Record<string, string>> = {
  open: '#2e7d32',
  joined: '#2e7d32',
  connecting: '#1565c0',
  joining: '#1565c0',
  waiting: '#b26a00',
  errored: '#c62828',
  paused: '#6a6a6a',
  closed: '#6a6a6a',
  idle: '#9e9e9e',
}

/** The colour of a state's span. Dark enough for white text. */
export const stateColour = (status: string): string => FIXED[status] ?? '#6a6a6a'

export const FAILURE_COLOUR = '#c62828'

/** A colour for each event, the same each time. Dark enough for a white letter, and never close to the red of a failure. */
export const eventColour = (event: string): string => {
  let hash = 7
  for (const char of event) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 9973
  return `hsl(${30 + (hash % 300)} 70% 33%)`
}
