import { concatMap, filter, firstValueFrom, from, lastValueFrom, map, take, tap } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'
import { graphql, graphqlSubscription } from './graphql-subscription.ts'
import { startShop } from './server.ts'

interface Ordered {
  readonly data: { readonly ordered: { readonly customer: string; readonly item: string } }
}

const SUBSCRIBE = {
  query: 'subscription ($customer: ID!) { ordered(customer: $customer) { item } }',
  variables: { customer: 'ann' },
}
const order = (customer: string, item: string) => ({
  query: 'mutation ($customer: ID!, $item: String!) { order(customer: $customer, item: $item) { item } }',
  variables: { customer, item },
})

const { server, subscriptions } = await startShop()
const socket = phoenixSocket(`${server.url}/socket`, { reconnect: () => 10 })
const customers: string[] = []

/** Resolves when the server has a subscription: only then orders are published to it. */
const subscribed = (): Promise<unknown> =>
  firstValueFrom(socket.messages$.pipe(filter(() => subscriptions() === 1)))

const heard = lastValueFrom(
  graphqlSubscription(socket, SUBSCRIBE).pipe(
    map((result) => (result as Ordered).data.ordered),
    tap(({ customer, item }) => {
      customers.push(customer)
      console.log(`ordered: ${item} for ${customer}`)
    }),
    take(3),
  ),
)
const orders = (...list: readonly (readonly [customer: string, item: string])[]): Promise<unknown> =>
  lastValueFrom(from(list).pipe(concatMap(([customer, item]) => graphql(socket, order(customer, item)))))

try {
  await subscribed()
  await orders(['ann', 'tea'], ['bob', 'soup'], ['ann', 'cake'])

  server.disconnect('shop')
  await firstValueFrom(socket.pipe(filter(({ status }) => status !== 'open')))
  await subscribed()
  console.log('the subscription goes on after a reconnect')
  await orders(['ann', 'coffee'])

  await heard
  console.log(`${customers.length} orders of ann, and ${customers.includes('bob') ? 'one' : 'none'} of bob`)
} finally {
  await server.close()
}
