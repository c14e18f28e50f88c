export { injectChannel, type InjectChannelOptions } from './inject-channel.ts'
export { injectPhoenixSocket } from './inject-phoenix-socket.ts'
export { PHOENIX_SOCKET } from './phoenix-socket-token.ts'
export { providePhoenixSocket } from './provide-phoenix-socket.ts'
