import { defer, ignoreElements, merge, tap } from 'rxjs'
import { type JoinFlags } from '../connection-flags.ts'
import { type Context } from '../context.ts'
import { joinParams, openSocket, telling } from '../endpoint.ts'
import { UsageError } from '../exit-code.ts'
import { type Task } from '../run-task.ts'
import { hidingSecrets } from '../secrets.ts'
import { bridge } from './bridge.ts'
import { localServer } from './local-server.ts'
import { openBrowser } from './open-browser.ts'
import { pageScript } from './page-script.ts'
import { Pages } from './pages.ts'
import { shownEvent } from './shown-event.ts'
import { writePage } from './write-page.ts'

export interface InspectFlags extends JoinFlags {
  readonly port: number
  readonly open: boolean
  readonly output?: string
}

/** Serves the inspector of a socket until it is asked to stop, or writes a page with a session. */
export const inspect = (
  url: string,
  topics: readonly string[],
  flags: InspectFlags,
  { status, print }: Context,
): Task => {
  const { port, open, output } = flags
  if (output !== undefined) {
    if (topics.length > 0) throw new UsageError('With --output pass one session, and no topics.')
    return defer(() => writePage(url, output, status)).pipe(ignoreElements())
  }
  if (!/^(wss?|https?):/i.test(url))
    throw new UsageError(
      'The URL is the mount point of a socket, such as wss://host/socket; for a recorded session add --output page.html.',
    )
  const hide = hidingSecrets(flags, process.env)
  const pages = new Pages()
  const socket = openSocket(url, flags, status, {
    listen: (event) => {
      pages.trace(shownEvent(event, hide))
    },
  })
  const page = bridge(socket, pages, { params: joinParams(flags), hide })
  const server$ = localServer(port, {
    title: withoutSecrets(url),
    script: pageScript(),
    listen: (send) => pages.connect(send),
    act: (command) => page.act(command),
  }).pipe(
    tap((address) => {
      print({ url: address })
      if (open) openBrowser(address)
    }),
  )
  // The server before the topics, so that the page sees the first join.
  return telling(socket, [], status, merge(server$, socket, page.channels(topics)).pipe(ignoreElements()))
}

/** Params and credentials of a URL may be secrets. */
const withoutSecrets = (url: string): string => url.replace(/[?#].*$/, '').replace(/\/\/[^/]*@/, '//')
