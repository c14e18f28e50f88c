import { type SchedulerLike } from 'rxjs'
import { type FakePage } from '../../lib/testing/index.ts'

type Step =
  'hide' | 'show' | 'freeze' | 'resume' | 'leave' | 'comeBack' | readonly ['window' | 'document', string]

/** What happens to a page, and at which ms. */
export const lifeOf = (
  page: FakePage,
  scheduler: SchedulerLike,
  steps: Readonly<Record<number, Step>>,
): void => {
  for (const [at, step] of Object.entries(steps))
    scheduler.schedule(() => {
      if (typeof step === 'string') page[step]()
      else page.fire(...step)
    }, Number(at))
}
