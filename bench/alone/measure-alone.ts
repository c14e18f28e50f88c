import { type ClientName } from '../clients/names.ts'
import { type Measured } from '../measure.ts'
import { type Scenario } from '../scenarios.ts'

/** Runs a scenario that needs no server; undefined if it needs one. What it needs is loaded then, so that it weighs on no other row. */
export const measureAlone = async (client: ClientName, scenario: Scenario): Promise<Measured | undefined> => {
  const { n } = scenario
  switch (scenario.type) {
    case 'presence':
      return (await import('./presence.ts')).presence(client, n)
    case 'patches':
      return (await import('./patches.ts')).patches(client, n)
    case 'bytes':
      return (await import('./bytes.ts')).bytes(client, scenario.withPresence)
    case 'import':
      return (await import('./start-up.ts')).imported(client, n)
    case 'command line':
      return (await import('./start-up.ts')).commandLine(n)
    default:
      return undefined
  }
}
