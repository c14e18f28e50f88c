import { profiled } from '../profile.ts'

/** User and system time of this process in µs, garbage collection and compiler included. */
export const cpuUs = async (run: () => Promise<void>): Promise<number> => {
  const before = process.cpuUsage()
  await profiled(run)
  const { user, system } = process.cpuUsage(before)
  return user + system
}
