import { type SocketProcess } from './socket-process.ts'

/** All connections of a server. */
export interface Registry {
  add(process: SocketProcess): void
  remove(process: SocketProcess): void
  all(): readonly SocketProcess[]
  /** Those that are not about to close. */
  live(): readonly SocketProcess[]
  withId(id: string): readonly SocketProcess[]
}

export const registry = (): Registry => {
  const everyone: Set<SocketProcess> = new Set()
  const byId: Map<string, Set<SocketProcess>> = new Map()
  return {
    add: (process) => {
      everyone.add(process)
      const { id } = process.socket
      if (id === null) return
      const same = byId.get(id)
      if (same) same.add(process)
      else byId.set(id, new Set([process]))
    },
    remove: (process) => {
      everyone.delete(process)
      const { id } = process.socket
      const same = id === null ? undefined : byId.get(id)
      if (id !== null && same?.delete(process) === true && same.size === 0) byId.delete(id)
    },
    all: () => [...everyone],
    live: () => [...everyone].filter((process) => process.isLive()),
    withId: (id) => [...(byId.get(id) ?? [])].filter((process) => process.isLive()),
  }
}
