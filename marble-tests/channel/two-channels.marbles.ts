import { map, Subject } from 'rxjs'
import { letter, socketOn } from '../support/channel.ts'
import { run } from '../support/run.ts'

describe('S18: a subscriber that pauses at the news of a state', () => {
  it('lets every channel hear the states in order, and sends nothing on what is closed', () => {
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
