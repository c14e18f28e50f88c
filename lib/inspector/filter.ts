import { type Lane, type Mark } from './lane.ts'

/** Which lanes and marks are shown. */
export interface Filter {
  showsLane(lane: Pick<Lane, 'kind' | 'name'>): boolean
  showsMark(mark: Pick<Mark, 'kind' | 'label'>): boolean
}

/**
 * Shows the channels whose topic contains a text, and the marks whose event contains another, whatever the case; an empty
 * text shows all. Connections and failures are always shown.
 */
export const filterOf = (topic: string, event: string): Filter => {
  const [inTopic, inEvent] = [topic, event].map((text) => text.trim().toLowerCase()) as [string, string]
  return {
    showsLane: ({ kind, name }) => kind === 'connection' || name.toLowerCase().includes(inTopic),
    showsMark: ({ kind, label }) =>
      inEvent === '' || kind === 'failure' || label.toLowerCase().includes(inEvent),
  }
}
