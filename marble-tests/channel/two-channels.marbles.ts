import { map, Subject } from 'rxjs'
import { letter, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

describe('S18: a subscriber that pauses at the news of a state', () => {
  it('shows every channel the states in order, and sends nothing on a closed connection', () => {
    run(({ expectObservable, cold }) => {
      const pause: Subject<boolean> = new Subject()
      const { socket, sent$ } = socketOn({ link: () => cold<'open'>('---o', { o: 'open' }) }, { pause })
      const pausing$ = socket.channel('room:a').pipe(
        map((state) => {
          if (state.status === 'joining') pause.next(true)
          return letter(state)
        }),
      )

      expectObservable(pausing$, '^------!').toBe('w--(jw)')
      expectObservable(socket.channel('room:b').pipe(map(letter)), '^------!').toBe('w--(jw)')
      expectObservable(sent$).toBe('')
    })
  })
})
