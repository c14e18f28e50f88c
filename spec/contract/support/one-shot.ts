import { firstValueFrom } from 'rxjs'
import { phoenixSocket } from 'rx-phoenix'

// Run by the contract suite in a process of its own: one push, and nothing that keeps Node alive.
const url = process.argv[2] ?? 'ws://localhost:4000'
const reply$ = phoenixSocket(`${url}/socket`).channel('room:one-shot').push('echo', { from: 'one-shot' })
console.log(JSON.stringify(await firstValueFrom(reply$)))
