import { firstValueFrom } from 'rxjs'
import { longPollTransport, phoenixSocket, webSocketTransport } from 'rx-phoenix'

// Run by the contract suite in a process of its own: one push, and nothing that keeps Node alive.
const [url = 'ws://localhost:4000/socket', over] = process.argv.slice(2)
const transport = over === 'long polling' ? longPollTransport() : webSocketTransport()
const reply$ = phoenixSocket(url, { transport }).channel('room:one-shot').push('echo', { from: 'one-shot' })
console.log(JSON.stringify(await firstValueFrom(reply$)))
