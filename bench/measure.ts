import { type BenchClient } from './clients/bench-client.ts'
import { type Measured } from './measured.ts'
import { fanIn } from './measures/fan-in.ts'
import { heap, pending, sockets } from './measures/heaps.ts'
import { firstJoins, firstRejoins, joins, rejoins } from './measures/joins.ts'
import { pushes } from './measures/pushes.ts'
import { type Scenario } from './scenario.ts'

/**
 * Runs one scenario on a client that is open.
 *
 * @param open - opens another client.
 * @param supabase - whether the server is to speak Supabase's dialect.
 */
export const measure = async (
  client: BenchClient,
  scenario: Scenario,
  open: () => Promise<BenchClient>,
  supabase: boolean,
): Promise<Measured> => {
  switch (scenario.type) {
    case 'fan-in':
      return fanIn(client, scenario, supabase)
    case 'pending':
      return pending(client, scenario.n)
    case 'sockets':
      return sockets(scenario.n, open)
    case 'push':
      return pushes(client, scenario)
    case 'first joins':
      return firstJoins(client, scenario.n)
    case 'first rejoins':
      return firstRejoins(client, scenario.n)
    case 'join':
      return joins(client, scenario.n)
    case 'rejoin':
      return rejoins(client, scenario.n)
    case 'heap':
      return heap(client, scenario.n)
    default:
      throw new Error(`${scenario.name} needs no client that is open`)
  }
}
