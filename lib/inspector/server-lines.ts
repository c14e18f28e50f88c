import { type Lettered } from './lettered.ts'
import { marbleDiagram, type Placed } from './marble-diagram.ts'

/** The diagrams of the server, one for each connection. `X` is a crash of the channel, `#` the loss of the connection. */
export const serverLines = (steps: readonly Lettered[]): readonly string[] => {
  let line: Placed[] = [OPEN]
  const lines = [line]
  let beganAt = 0
  for (const { step, letter } of steps) {
    const atMs = step.atMs - beganAt
    if (step.type === 'message') line.push({ atMs, letter })
    else if (step.type === 'crash') line.push({ atMs, letter: 'X' })
    else if (step.type === 'drop') line.push({ atMs, letter: '#' })
    else if (step.type === 'rejoin' && step.after.type === 'drop') {
      beganAt = step.atMs
      line = [OPEN]
      lines.push(line)
    }
  }
  return lines.map(marbleDiagram)
}

const OPEN: Placed = { atMs: 0, letter: 'o' }
