import { join } from 'node:path'
import { runScript } from '../support/run-script.ts'

describe('clients behind a network that fails all the time', () => {
  // Two storms of many; `npm run test:chaos` goes on for as long as it is told to.
  it('keep every promise, and leave nothing behind', async () => {
    const script = join(import.meta.dirname, 'main.ts')
    const { code, stdout, stderr } = await runScript(script, ['--seed', '7', '--minutes', '0.1']).ended

    expect(stderr).toBe('')
    expect(code).toBe(0)
    const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Record<string, number>
    // The storm was one.
    expect(report['faults']).toBeGreaterThan(20)
    expect(report['pushes']).toBeGreaterThan(100)
  }, 120_000)
})
