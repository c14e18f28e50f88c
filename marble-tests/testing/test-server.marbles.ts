import { catchError, map, of } from 'rxjs'
import { phoenixSocket, presence } from '../../lib/index.ts'
import { type ExpectedPush, joinFrame, leaveFrame, testServer } from '../../lib/testing/index.ts'
import { letters, run, word } from '../support/run.ts'

const setup = () => {
  const server = testServer()
  const socket = phoenixSocket('ws://test/socket', {
    transport: server.transport,
    heartbeatIntervalMs: 0,
    reconnect: () => 5,
    rejoin: () => 3,
  })
  return { server, socket, lobby: socket.channel('room:lobby'), topic: server.topic('room:lobby') }
}
describe('testServer in virtual time', () => {
  it('answers joins and leaves immediately, and sends what the test makes it send', () => {
    run(({ cold, expectObservable, expectSent }) => {
      const { lobby, server, topic } = setup()
      const bodies = { m: 'hello', n: 'bye' }
      cold('              ---m--n', bodies).subscribe((body) => {
        topic.say('new_msg', body)
      })
      expectObservable(lobby.on('new_msg'), '^------!').toBe('---m--n', bodies)
      expectSent(server).toBe('j------L', { j: joinFrame('room:lobby'), L: leaveFrame('room:lobby') })
    })
  })

  it.each<[string, (push: ExpectedPush) => void, string, unknown]>([
    [
      'a reply',
      (push) => {
        push.reply({ id: 7 })
      },
      '     --(r|)',
      { id: 7 },
    ],
    [
      'a refusal',
      (push) => {
        push.refuse({ no: 1 })
      },
      '  --(r|)',
      'PushRefused',
    ],
    [
      'a status',
      (push) => {
        push.refuse({}, 'busy')
      },
      '  --(r|)',
      'PushRefused',
    ],
    [
      'silence',
      (push) => {
        push.timeOut()
      },
      '           -----(r|)',
      'PushTimeout',
    ],
    [
      'a crash',
      (push) => {
        push.crash()
      },
      '             --(r|)',
      'ChannelCrashed',
    ],
    [
      'a close',
      (push) => {
        push.close()
      },
      '             --(r|)',
      'ChannelClosed',
    ],
  ])('answers a push with %s', (_, answer, expected, r) => {
    run(({ cold, expectObservable }) => {
      const { lobby, server, topic } = setup()
      cold('--a').subscribe(() => {
        answer(topic.expectPush('new_msg', { body: 'hi' }))
      })
      const reply$ = lobby.push('new_msg', { body: 'hi' }, { timeoutMs: 5 })
      expectObservable(reply$.pipe(catchError(({ _tag }: { _tag: string }) => of(_tag)))).toBe(expected, {
        r,
      })
      cold('--------v').subscribe(() => {
        server.verify({ closed: true })
      })
    })
  })

  it('drops connections, and refuses the next ones until it accepts them again', () => {
    run(({ cold, expectObservable }) => {
      const { server, socket } = setup()
      cold('              -----d', { d: 1006 }).subscribe((code) => {
        server.refuseConnections(503)
        server.drop(code)
      })
      cold('              -------------a').subscribe(() => {
        server.acceptConnections()
      })
      const states$ = socket.pipe(map((state) => (state.status === 'waiting' ? state.cause : state.status)))
      const seen$ = states$.pipe(map((state) => (typeof state === 'string' ? state : state._tag)))
      expectObservable(seen$, '^-----------------!').toBe('(co)-l----(cr)-(co)', {
        ...letters,
        l: 'ConnectionClosed',
        r: 'ConnectionRefused',
      })
    })
  })

  it('crashes and closes channels', () => {
    run(({ cold, expectObservable, expectSent }) => {
      const { lobby, server, topic } = setup()
      cold('-----c-------x', { c: 'crash', x: 'close' } as const).subscribe((end) => {
        topic[end]()
      })
      expectObservable(lobby.pipe(map(word))).toBe('(wjJ)e--(jJ)-(x|)', { ...letters, e: 'errored 3' })
      expectSent(server).toBe('j-------j', { j: joinFrame('room:lobby') })
    })
  })

  it('answers a join as the test says, before it is sent and after', () => {
    run(({ cold, expectObservable }) => {
      const { lobby, server, topic } = setup()
      server.expectJoin('room:lobby').reply({ members: 3 })
      const next = server.expectJoin('room:lobby')
      cold('-------c----r').subscribe((act) => {
        if (act === 'c') topic.crash()
        else next.refuse({ reason: 'full' })
      })
      const seen$ = lobby.pipe(
        map((state) =>
          state.status === 'joined' ? state.response : 'cause' in state ? state.cause._tag : state.status,
        ),
      )
      expectObservable(seen$, '^-------------!').toBe('(wjm)--c--j-r', {
        ...letters,
        m: { members: 3 },
        c: 'ChannelCrashed',
        r: 'JoinRefused',
      })
    })
  })

  it('leaves a join without an answer', () => {
    run(({ expectObservable, expectSent }) => {
      const { server, socket } = setup()
      server.expectJoin('room:lobby').timeOut()
      const lobby = socket.channel('room:lobby', { joinTimeoutMs: 6 })
      expectObservable(lobby.pipe(map(word)), '^-------------!').toBe('(wj)--e--(jJ)', {
        ...letters,
        e: 'errored 3',
      })
      expectSent(server).toBe('j-----l--j----l', { j: joinFrame('room:lobby'), l: leaveFrame('room:lobby') })
    })
  })

  it('keeps the list of presences, and sends it again after a rejoin', () => {
    run(({ cold, expectObservable }) => {
      const { lobby, server } = setup()
      const people = server.presence('room:lobby')
      people.join('ann', { mood: 'calm' })
      cold('----b-u--d-----l', {
        b: () => {
          people.join('bob')
        },
        u: () => {
          people.update('ann', { mood: 'glad' })
        },
        d: () => {
          server.drop()
        },
        l: () => {
          people.leave('ann')
        },
      }).subscribe((act) => {
        act()
      })
      const moods$ = presence(lobby).list((key, { metas }) => `${key} ${String(metas[0]?.['mood'])}`)
      expectObservable(moods$.pipe(map((list) => list.join())), '^---------------!').toBe(
        'a---b-u--------l',
        {
          a: 'ann calm',
          b: 'ann calm,bob undefined',
          u: 'ann glad,bob undefined',
          l: 'bob undefined',
        },
      )
    })
  })
})
