import fc from 'fast-check'
import { finalize, merge, NEVER, Observable, of, timer } from 'rxjs'
import { browserPause, browserWake, ConnectionClosed } from '../../lib/index.ts'
import { fakeClock, fakePage, okTo } from '../../lib/testing/index.ts'
import { run } from '../support/run.ts'
import { socketOn } from '../support/socket.ts'

const STEP_MS = 700
const steps = [
  'hide',
  'show',
  'freeze',
  'resume',
  'leave',
  'comeBack',
  'online',
  'cut',
  'mute',
  'sleep',
  'set back',
] as const
type Step = (typeof steps)[number]

describe('S18: whatever a page goes through', () => {
  it('the socket is closed while the page is away, dials one at a time, and is open soon after it is back', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Step>(...steps), { minLength: 1, maxLength: 30 }), (life) => {
        run(({ flush }, scheduler) => {
          const page = fakePage()
          const clock = fakeClock(scheduler)
          const cuts = new Set<() => void>()
          let links = 0
          let most = 0
          let dials = 0
          let muted = false
          // A link that was muted says nothing any more, as one whose network is gone; a new one works.
          const link = (): Observable<'open'> => {
            dials += 1
            muted = false
            most = Math.max(most, ++links)
            return merge(
              of('open' as const),
              new Observable<never>((subscriber) => {
                const cut = (): void => {
                  subscriber.error(new ConnectionClosed({ code: 1006, reason: '', wasClean: false }))
                }
                cuts.add(cut)
                return () => cuts.delete(cut)
              }),
            ).pipe(finalize(() => (links -= 1)))
          }
          const { socket } = socketOn(
            { link, answer: (message) => (muted ? NEVER : of(okTo(message))) },
            {
              scheduler: clock,
              reconnect: () => 300,
              wake: browserWake({ page }),
              pause: browserPause({ page, hiddenForMs: 1_000, scheduler: clock }),
            },
          )
          const act = (step: Step): void => {
            if (step === 'cut') for (const cut of [...cuts]) cut()
            else if (step === 'mute') muted = true
            else if (step === 'sleep') clock.jump(7_200_000)
            else if (step === 'set back') clock.jump(-7_200_000)
            else if (step === 'online') page.fire('window', 'online')
            else page[step]()
          }
          const held = socket.subscribe()
          let away = false
          let openWhileAway = 0
          life.forEach((step, i) => {
            timer(i * STEP_MS, scheduler).subscribe(() => {
              act(step)
              if (step === 'freeze' || step === 'leave') away = true
              if (['resume', 'comeBack', 'show'].includes(step)) away = false
              if (away) openWhileAway += links
            })
          })
          timer(life.length * STEP_MS, scheduler).subscribe(() => {
            page.comeBack()
          })
          // A probe, a late one, and a wait.
          timer(life.length * STEP_MS + 11_000, scheduler).subscribe(() => {
            expect({ status: socket.state.status, links, most }).toEqual({
              status: 'open',
              links: 1,
              most: 1,
            })
            expect([muted, openWhileAway]).toEqual([false, 0])
            expect(dials).toBeLessThanOrEqual(life.length + 3)
            held.unsubscribe()
            expect([page.listeners, links]).toEqual([0, 0])
          })
          flush()
        })
      }),
      { numRuns: 300 },
    )
  })
})
