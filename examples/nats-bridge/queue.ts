import {
  AckPolicy,
  type Consumer,
  jetstream,
  type JetStreamClient,
  jetstreamManager,
  StorageType,
} from '@nats-io/jetstream'
import { type NatsConnection, nanos } from '@nats-io/transport-node'

const STREAM = 'ORDERS'
const WORKERS = 'workers'
export const SUBJECT = 'orders.new'

export interface OrderQueue {
  readonly publisher: JetStreamClient
  /** One for each worker: they share what is in the queue, on as many machines as there are. */
  worker(): Promise<Consumer>
}

/** The stream, which keeps orders on disk and leaves out what it has had already, and the durable consumer of the workers. */
export const orderQueue = async (connection: NatsConnection): Promise<OrderQueue> => {
  const manager = await jetstreamManager(connection)
  await manager.streams.add({
    name: STREAM,
    subjects: [SUBJECT],
    storage: StorageType.File,
    // For how long the id of a message is remembered.
    duplicate_window: nanos(120_000),
  })
  await manager.consumers.add(STREAM, {
    durable_name: WORKERS,
    ack_policy: AckPolicy.Explicit,
    // A worker that dies with an order in hand: another one gets it after this.
    ack_wait: nanos(2_000),
  })
  const publisher = jetstream(connection)
  return { publisher, worker: () => publisher.consumers.get(STREAM, WORKERS) }
}
