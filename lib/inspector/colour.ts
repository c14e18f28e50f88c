const STATES: Readonly<Record<string, string>> = {
  open: '#2e7d32',
  joined: '#2e7d32',
  connecting: '#1565c0',
  joining: '#1565c0',
  waiting: '#9a5b00',
  errored: '#c62828',
}

/** The colour of a state's span: dark enough for white text, and light enough for a dark page. */
export const stateColour = (status: string): string => STATES[status] ?? '#6a6a6a'

export const FAILURE_COLOUR = '#d32f2f'

/** The same colour for an event each time, of one lightness for all events, and never close to the red of a failure. */
export const eventColour = (event: string): string => {
  let hash = 7
  for (const char of event) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 9973
  return `oklch(55% 0.12 ${70 + (hash % 270)})`
}
