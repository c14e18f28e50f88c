import { type Observable, retry, timer } from 'rxjs'
import { type Random } from '../support/random.ts'
import { type Chronicle } from './chronicle.ts'
import { type ChaosClient, TIMES } from './client.ts'
import { type HeldRoom } from './held-room.ts'
import { type Ledger, type PushKind } from './ledger.ts'
import * as kinds from './push-kinds.ts'
import { type World } from './world.ts'

/** What a storm needs to know. */
export interface StormContext {
  readonly world: World
  readonly ledger: Ledger
  readonly chronicle: Chronicle
  /** Counts up over the whole run. */
  readonly next: () => number
}

/** Topics that were joined for one push and then left. */
export const leftTopic = (world: World, n: number): string => `${world.rooms[0] ?? ''}-x${n}`

/** Makes a client do things, one after the other, until `stop` is called. */
export const storm = (client: ChaosClient, random: Random, context: StormContext): { stop(): void } => {
  let timer$: NodeJS.Timeout | undefined
  const act = (): void => {
    timer$ = setTimeout(act, random.between(0, 12))
    const [, does] = pick(random)
    does(client, random, context)
  }
  act()
  return {
    stop: () => {
      clearTimeout(timer$)
    },
  }
}

type Deed = (client: ChaosClient, random: Random, context: StormContext) => void

/** A push on a room; sometimes it is tried again when it fails, sometimes cancelled. */
const pushOn =
  (kind: PushKind, extra: (random: Random) => object = () => ({})): Deed =>
  (client, random, { ledger }) => {
    const room = random.pick(client.rooms)
    const push$ = tracked(client, room, kind, extra(random), ledger)
    const retried$ = random.chance(0.1) ? push$.pipe(retry(2)) : push$
    const subscription = retried$.subscribe({ error: () => undefined })
    if (random.chance(0.1))
      setTimeout(
        () => {
          subscription.unsubscribe()
        },
        random.between(0, 40),
      )
  }

const tracked = (
  client: ChaosClient,
  { channel }: HeldRoom,
  kind: PushKind,
  extra: object,
  ledger: Ledger,
): Observable<unknown> =>
  ledger.track(client.name, kind, extra, TIMES.pushTimeoutMs, (payload) =>
    kind.isSend ? channel.send(kind.event, payload) : channel.push(kind.event, payload),
  )

/** Leaves a room and comes back to it. */
const leaveAndReturn: Deed = (client, random) => {
  const room = random.pick(client.rooms)
  if (!room.isHeld) return
  room.release()
  setTimeout(
    () => {
      room.hold()
    },
    random.between(0, 60),
  )
}

/** One push on a topic that nobody holds: connects if need be, joins, pushes, leaves. */
const passBy: Deed = (client, _random, { ledger, world, next }) => {
  const channel = client.socket.channel(leftTopic(world, next()))
  ledger
    .track(client.name, kinds.echo, {}, TIMES.pushTimeoutMs, (payload) => channel.push('echo', payload))
    .subscribe({ error: () => undefined })
}

const listenAWhile: Deed = (client, random) => {
  const subscription = random.pick(client.rooms).channel.on('broadcasted').subscribe()
  setTimeout(
    () => {
      subscription.unsubscribe()
    },
    random.between(0, 50),
  )
}

const rejoin: Deed = (client, random, { next }) => {
  random.pick(client.rooms).changeParams(next())
}

const pause: Deed = (client, random, { chronicle }) => {
  chronicle.note(client.name, 'is paused')
  client.pause(true)
  timer(random.between(1, 80)).subscribe(() => {
    client.pause(false)
  })
}

const dispatch: Deed = (client, random, { next }) => {
  const n = next()
  const [name, detail] = random.pick<readonly [string, object]>([
    ['inc', {}],
    ['add', { text: `todo ${n}` }],
    ['done', { id: random.between(1, 5) }],
    ['remove_first', {}],
    ['put', { key: `k${n % 7}`, value: { n } }],
    ['delete', { key: `k${n % 7}` }],
    ['nochange', {}],
  ])
  client.live.dispatch(name, detail).subscribe({ error: () => undefined })
}

const crashLive: Deed = (client) => {
  client.live.dispatch('crash').subscribe({ error: () => undefined })
}

/** How often each is done, in proportion. */
const deeds: readonly (readonly [number, Deed])[] = [
  [30, pushOn(kinds.echo)],
  [30, pushOn(kinds.broadcast)],
  [8, pushOn(kinds.broadcastSend)],
  [6, pushOn(kinds.fail)],
  [8, pushOn(kinds.slow, (random) => ({ ms: random.between(0, 700) }))],
  [3, pushOn(kinds.noReply)],
  [8, pushOn(kinds.pushBack)],
  [1.5, pushOn(kinds.crash)],
  [0.7, pushOn(kinds.stop)],
  [3, leaveAndReturn],
  [3, passBy],
  [4, listenAWhile],
  [2, rejoin],
  [0.7, pause],
  [
    1,
    (client) => {
      client.wake()
    },
  ],
  [
    0.5,
    (client, _random, { next }) => {
      client.renewToken(next())
    },
  ],
  [14, dispatch],
  [0.5, crashLive],
]
const total = deeds.reduce((sum, [weight]) => sum + weight, 0)

const pick = (random: Random): readonly [number, Deed] => {
  let lot = random.next() * total
  for (const deed of deeds) if ((lot -= deed[0]) < 0) return deed
  return deeds[0] ?? [1, passBy]
}
