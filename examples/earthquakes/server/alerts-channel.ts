import { channel, type ChannelDefinition, ok } from 'rx-phoenix/server'
import { type AlertsContract } from '../contract.ts'

/** What the server knows of one alert. */
export interface AlertRecord {
  /** How often it came. */
  readonly received: number
  /** How often it was acknowledged. */
  readonly acknowledged: number
}

/** Alerts by id. */
export type AlertLedger = ReadonlyMap<string, AlertRecord>

/**
 * The channel `alerts:quakes`. It writes each alert down by its id and then acknowledges it, unless `interrupt` says
 * that the line is cut between the two: the worst moment, since the client cannot know what has become of the alert.
 */
export const alertsChannel = (
  ledger: Map<string, AlertRecord>,
  interrupt: (id: string) => boolean,
): ChannelDefinition =>
  channel<AlertsContract>({
    handleIn: {
      raise: ({ id }) => {
        const { received, acknowledged } = ledger.get(id) ?? { received: 0, acknowledged: 0 }
        const interrupted = interrupt(id)
        ledger.set(id, { received: received + 1, acknowledged: acknowledged + (interrupted ? 0 : 1) })
        return interrupted ? undefined : ok({ id })
      },
    },
  })
