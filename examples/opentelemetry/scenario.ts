import { type Tracer } from '@opentelemetry/api'
import { catchError, filter, firstValueFrom, map, of } from 'rxjs'
import { phoenixSocket, type PushError, traceTo } from 'rx-phoenix'
import { error, ok, phoenixServer } from 'rx-phoenix/server'
import { spanTrace } from './span-trace.ts'

/**
 * Against an embedded server: pushes that are accepted, refused and cut off by a lost connection, a reconnect, and a push
 * after it. Gives how each push ended. Each runs within a span of its own, as a request of an application would.
 */
export const scenario = async (tracer: Tracer): Promise<readonly string[]> => {
  const server = await phoenixServer({
    sockets: {
      '/socket': {
        id: () => 'everybody',
        channels: {
          'orders:*': {
            handleIn: {
              place: () => ok({}),
              cancel: () => error({ reason: 'shipped' }),
              pay: () => {
                server.disconnect('everybody')
              },
            },
          },
        },
      },
    },
  })
  const socket = phoenixSocket(`${server.url}/socket`, {
    trace: traceTo(spanTrace(tracer)),
    reconnect: () => 1,
  })
  const orders = socket.channel('orders:1')
  const held = orders.subscribe()
  const push = (event: string): Promise<string> =>
    tracer.startActiveSpan(`handle ${event}`, async (span) => {
      const outcome$ = orders.push(event).pipe(
        map(() => 'ok'),
        catchError(({ _tag }: PushError) => of(_tag)),
      )
      const outcome = await firstValueFrom(outcome$)
      span.end()
      return outcome
    })
  try {
    const before = [await push('place'), await push('cancel'), await push('pay')]
    await firstValueFrom(orders.pipe(filter((state) => state.status === 'joined')))
    return [...before, await push('place')]
  } finally {
    held.unsubscribe()
    await server.close()
  }
}
