import { channel, type ChannelDefinition, ok, onceByKey } from 'rx-phoenix/server'
import { type Earthquake, type ReportsContract } from '../contract.ts'
import { type Report } from '../report.ts'

/**
 * The channel `reports:quakes`: counts events and takes alerts, each once by its key.
 *
 * @param tell - called for each push, and for each that is new.
 * @param beforeAnswer - runs when an alert has been written down and not been answered yet: the worst moment for a failure,
 *   since the client cannot know what has become of it.
 */
export const reportsChannel = (
  tell: (report: Report) => void,
  beforeAnswer: (id: string) => Promise<void>,
): ChannelDefinition => {
  const count = onceByKey((quake: Earthquake) => {
    tell({ type: 'counted', quake })
    return ok({})
  })
  const alert = onceByKey(async ({ id }: Earthquake) => {
    tell({ type: 'alerted', id })
    await beforeAnswer(id)
    return ok({})
  })
  return channel<ReportsContract>({
    handleIn: (event, payload, self) => {
      tell({ type: 'received' })
      return event === 'count' ? count(payload as Earthquake, self) : alert(payload as Earthquake, self)
    },
  })
}
