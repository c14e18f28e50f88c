import { ok, phoenixServer } from 'rx-phoenix/server'

/** The server of this package, with one kind of channel that answers each push with its payload. Ends with its parent. */
const server = await phoenixServer({
  sockets: { '/socket': { channels: { 'bench:*': { handleIn: (_event, payload) => ok(payload) } } } },
  trace: () => undefined,
})
process.send?.(`${server.url}/socket`)
process.on('disconnect', () => {
  process.exit()
})
