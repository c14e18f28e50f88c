import { ignoreElements, tap } from 'rxjs'
import { type Context } from '../context.ts'
import { listening } from '../listening.ts'
import { type Task } from '../run-task.ts'
import { demoApp } from './demo-app.ts'

export interface ServeFlags {
  readonly port: number
  readonly host: string
  readonly quiet?: boolean
}

/** Serves the demo application until it is asked to stop. */
export const serve = ({ port, host }: ServeFlags, { status, print }: Context): Task =>
  listening({ port, host, sockets: { '/socket': demoApp() } }, status).pipe(
    tap(({ url }) => {
      print({ url: `${url}/socket` })
    }),
    ignoreElements(),
  )
