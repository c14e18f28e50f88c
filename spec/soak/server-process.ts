import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** The contract app in a process of its own, so that its heap is not counted as the client's. */
export const serverProcess = async (): Promise<{ readonly url: string; stop(): void }> => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=rx-phoenix-source', 'spec/contract-app/main.ts', '--port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const lines = createInterface({ input: child.stdout })
  const [url] = (await once(lines, 'line')) as [string]
  return { url, stop: () => child.kill('SIGTERM') }
}
