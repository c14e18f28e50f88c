import { combineLatest, map, type Observable } from 'rxjs'
import { type ConnectionError } from '../protocol/connection-error.ts'
import { type Params } from '../protocol/endpoint-url.ts'
import { type Dynamic, type Input, toInput } from './dynamic.ts'
import { anyOf } from './operators.ts'
import { type SocketSettings } from './socket-options.ts'

/** What an attempt to connect is made from. */
export interface Inputs {
  /** The values for one attempt; further values of a stream follow. Errors with `InputFailed`. */
  at(attempt: number): Observable<EvaluatedInputs>
  /** New values of the streams among the inputs. Keeps them subscribed. */
  readonly changes$: Observable<unknown>
  /** True if a constant cannot be used: evaluating it again cannot help. */
  isHopeless(error: ConnectionError): boolean
}

interface EvaluatedInputs {
  readonly url: string
  readonly params: Params
  readonly authToken: string | undefined
}

/** The inputs of a socket, ready for use. */
export const inputsOf = (url: Dynamic<string>, { params, authToken }: SocketSettings): Inputs => {
  const inputs = {
    url: toInput('url', url),
    params: toInput('params', params),
    authToken: toInput('authToken', authToken),
  }
  const all: readonly Input<unknown>[] = Object.values(inputs)
  return {
    at: (attempt) =>
      combineLatest([inputs.url.at(attempt), inputs.params.at(attempt), inputs.authToken.at(attempt)]).pipe(
        // An empty string is no token: storages and forms often return one for a signed-out user.
        map(([url, params, authToken]) => ({
          url,
          params,
          authToken: authToken === '' ? undefined : (authToken ?? undefined),
        })),
      ),
    changes$: anyOf(...all.map(({ changes$ }) => changes$)),
    isHopeless: (error) =>
      error._tag === 'InputFailed' && all.some(({ name, fixed }) => fixed && name === error.input),
  }
}
