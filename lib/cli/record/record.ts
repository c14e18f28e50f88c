import { ignoreElements, merge } from 'rxjs'
import { recordingTransport } from '../../testing/index.ts'
import { type JoinFlags } from '../connection-flags.ts'
import { type Context } from '../context.ts'
import { joinParams, openSocket, telling } from '../endpoint.ts'
import { type Task } from '../run-task.ts'
import { hidingSecrets } from '../secrets.ts'

export type RecordFlags = JoinFlags

/** Prints every frame of these topics until the server has closed them all. */
export const record = (
  url: string,
  topics: readonly string[],
  flags: RecordFlags,
  { status, print }: Context,
): Task => {
  const hide = hidingSecrets(flags, process.env)
  const socket = openSocket(url, flags, status, {
    through: (transport) =>
      recordingTransport(transport, (line) => {
        print('text' in line ? { ...line, text: hide(line.text) } : line)
      }),
  })
  const params = joinParams(flags)
  const channels = [...new Set(topics)].map((topic) => socket.channel(topic, { params }))
  return telling(
    socket,
    channels,
    status,
    merge(...channels.map(({ messages$ }) => messages$)).pipe(ignoreElements()),
  )
}
