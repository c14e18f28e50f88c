import {
  AckPolicy,
  type Consumer,
  jetstream,
  type JetStreamClient,
  jetstreamManager,
  StorageType,
} from '@nats-io/jetstream'
import { type KV, Kvm } from '@nats-io/kv'
import { type NatsConnection, nanos } from '@nats-io/transport-node'

const STREAM = 'ORDERS'
const WORKERS = 'workers'
export const SUBJECT = 'orders.new'

/** A reader that does not renew its lease for this long has lost it. */
export const LEASE_MS = 2_000

export interface OrderQueue {
  readonly publisher: JetStreamClient
  /** One for each worker: they share what is in the queue, on as many machines as there are. */
  worker(): Promise<Consumer>
  /** Where readers keep how far they have come. */
  readonly checkpoints: KV
  /** Who reads. A key that is not written again in time is gone. */
  readonly leases: KV
  /** The server that leads the stream, in a cluster. */
  leader(): Promise<string | undefined>
}

/**
 * The stream, which keeps orders on disk and leaves out what it has had already, the durable consumer of the workers, and two
 * buckets of keys. In a cluster each is kept by `replicas` servers, so that one may die.
 */
export const orderQueue = async (connection: NatsConnection, replicas: number): Promise<OrderQueue> => {
  const manager = await jetstreamManager(connection)
  const publisher = jetstream(connection)
  const buckets = new Kvm(publisher)
  await manager.streams.add({
    name: STREAM,
    subjects: [SUBJECT],
    storage: StorageType.File,
    num_replicas: replicas,
    // For how long the id of a message is remembered.
    duplicate_window: nanos(120_000),
  })
  await manager.consumers.add(STREAM, {
    durable_name: WORKERS,
    ack_policy: AckPolicy.Explicit,
    // A worker that dies with an order in hand: another one gets it after this.
    ack_wait: nanos(2_000),
  })
  return {
    publisher,
    worker: () => publisher.consumers.get(STREAM, WORKERS),
    checkpoints: await buckets.create('checkpoints', { replicas }),
    leases: await buckets.create('leases', { replicas, ttl: LEASE_MS }),
    leader: async () => (await manager.streams.info(STREAM)).cluster?.leader,
  }
}
