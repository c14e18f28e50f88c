import { type ClientName } from '../clients/names.ts'
import { type Measured } from '../measured.ts'
import { type Scenario } from '../scenario.ts'

/** Runs a scenario that opens no client here; undefined if it is another one. What it needs is loaded then, so that it weighs on no other row. */
export const measureAlone = async (
  client: ClientName,
  scenario: Scenario,
  url: string,
): Promise<Measured | undefined> => {
  const { n } = scenario
  switch (scenario.type) {
    case 'presence':
      return (await import('./presence.ts')).presence(client, n)
    case 'patches':
      return (await import('./patches.ts')).patches(client, n)
    case 'bytes':
      return (await import('./bytes.ts')).bytes(client, scenario.build, scenario.withPresence)
    case 'bytes in Angular':
      return (await import('./bytes.ts')).bytesInAngular(client)
    case 'growth for es2020':
      return (await import('./bytes.ts')).growthForEs2020(client)
    case 'CPU for es2020':
      return (await import('./for-es2020.ts')).slowerForEs2020(n, url)
    case 'import':
      return (await import('./start-up.ts')).imported(client, n)
    case 'import over rxjs and ws':
      return (await import('./start-up.ts')).importedOverPeers(n)
    case 'until joined':
      return (await import('./until-joined.ts')).untilJoined(client, scenario.by, n, url)
    case 'command line':
      return (await import('./start-up.ts')).commandLine(n)
    default:
      return undefined
  }
}
