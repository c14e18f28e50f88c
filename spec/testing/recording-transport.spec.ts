import { EMPTY, type Observable, of, Subscription, throwError } from 'rxjs'
import { type LinkEvent } from '../../lib/index.ts'
import { recordingTransport } from '../../lib/testing/index.ts'
import { unhandledErrors } from '../../marble-tests/support/unhandled.ts'

describe('recordingTransport, over a transport from outside', () => {
  const target = { url: 'ws://h/socket', params: {}, vsn: '2.0.0' }
  const clock = { now: () => 0, schedule: () => Subscription.EMPTY }
  const eventsOf = (source$: Observable<LinkEvent>): readonly unknown[] => {
    const written: unknown[] = []
    recordingTransport(
      () => source$,
      (line) => written.push(line),
      clock,
    )(target).subscribe({ error: () => undefined })
    return written.slice(1)
  }
  const closed = { atMs: 0, connection: 1, type: 'close' }

  it.each<[string, unknown]>([
    ['a plain Error', new Error('no')],
    [
      'an Error of Node, whose code is no close code',
      Object.assign(new Error('no'), { code: 'ECONNREFUSED' }),
    ],
    ['undefined', undefined],
    ['a string', 'no'],
  ])('writes that it failed, and not that the client closed, with %s', (_case, error) => {
    expect(eventsOf(throwError(() => error))).toEqual([{ ...closed, cause: 'ConnectionFailed' }])
  })

  it('writes that it ended, as the socket takes it', () => {
    expect(eventsOf(EMPTY)).toEqual([{ ...closed, cause: 'ConnectionClosed', code: 1005 }])
  })

  it('sends no heartbeats over a link that needs none', () => {
    const links: unknown[] = []
    for (const heartbeat of [{ heartbeat: false } as const, {}]) {
      const link = { send: () => undefined, bufferedAmount: 0, ...heartbeat }
      const recorded = recordingTransport(
        () => of({ type: 'open', link }),
        () => undefined,
        clock,
      )
      recorded(target).subscribe((event) => links.push(event.type === 'open' && event.link.heartbeat))
    }
    expect(links).toEqual([false, undefined])
  })

  it('goes on where what writes throws, whose errors RxJS reports', async () => {
    const unhandled = unhandledErrors()
    const full = new Error('no space left on device')
    const sent: unknown[] = []
    const link = { send: (frame: unknown) => sent.push(frame), bufferedAmount: 0 }
    const recorded = recordingTransport(
      () => of<LinkEvent[]>({ type: 'open', link }, { type: 'frame', frame: 'x' }),
      () => {
        throw full
      },
      clock,
    )
    const seen: string[] = []
    recorded(target).subscribe((event) => {
      seen.push(event.type)
      if (event.type === 'open') event.link.send('y')
    })
    expect([seen, sent]).toEqual([['open', 'frame'], ['y']])
    // The header, the opening, a frame each way, and the end.
    expect(await unhandled()).toEqual([full, full, full, full, full])
  })
})
