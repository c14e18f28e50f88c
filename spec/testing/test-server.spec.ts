import { jest } from '@jest/globals'
import { VirtualTimeScheduler } from 'rxjs'
import { type Channel, phoenixSocket, type SocketOptions } from '../../lib/index.ts'
import { assertSent, joinFrame, pushFrame, testServer, type TestServer } from '../../lib/testing/index.ts'

interface Room {
  join: { params: { nickname: string }; reply: { members: number } }
  events: { new_msg: { body: string }; typing: undefined }
  pushes: { new_msg: { payload: { body: string }; reply: { id: string } }; seen: { payload: { id: string } } }
}

/** By default on a clock that stands still, so that what a test leaves open leaves no timer. */
const setup = (options: SocketOptions = { scheduler: new VirtualTimeScheduler() }) => {
  const server = testServer()
  const socket = phoenixSocket('ws://test/socket', { transport: server.transport, ...options })
  return { server, socket, lobby: socket.channel('room:lobby'), topic: server.topic('room:lobby') }
}

/** What was thrown, as text. */
const reportOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing was thrown'
}

/** Never run: the compiler is the judge. */
const typed = (server: TestServer<{ 'room:*': Room }>): void => {
  const topic = server.topic('room:lobby')
  topic.say('new_msg', { body: 'hi' })
  topic.say('typing')
  topic.expectPush('new_msg').reply({ id: '1' })
  server.expectJoin('room:lobby').reply({ members: 3 })
  server.presence('room:lobby').join('ann')

  // @ts-expect-error a topic that the server does not have
  server.topic('lobby')
  // @ts-expect-error the same of a join
  server.expectJoin('lobby')
  // @ts-expect-error the same of presence
  server.presence('lobby')
  // @ts-expect-error an event that the contract does not have
  topic.say('old_msg', {})
  // @ts-expect-error a payload of another type
  topic.say('new_msg', { body: 1 })
  // @ts-expect-error a payload left out
  topic.say('new_msg')
  // @ts-expect-error a push that the contract does not have
  topic.expectPush('shout')
  // @ts-expect-error a reply of another type
  topic.expectPush('new_msg').reply({ id: 1 })
  // @ts-expect-error a reply left out
  topic.expectPush('new_msg').reply()
  // @ts-expect-error a join reply of another type
  server.expectJoin('room:lobby').reply({ members: 'three' })
}

describe('testServer', () => {
  it('does everything within the call', () => {
    const { server, lobby, topic } = setup()
    const seen: unknown[] = []
    const subscription = lobby.on('new_msg').subscribe((payload) => seen.push(payload))
    lobby.push('save', { id: 1 }).subscribe((reply) => seen.push(reply))
    topic.say('new_msg', { body: 'hello' })
    const push = topic.expectPush('save')
    expect(push.payload).toEqual({ id: 1 })
    push.reply({ saved: true })
    expect(seen).toEqual([{ body: 'hello' }, { saved: true }])
    expect([topic.joined, server.connections]).toEqual([true, 1])
    subscription.unsubscribe()
    expect([topic.joined, server.connections]).toEqual([false, 0])
    server.verify({ closed: true })
  })

  it('is typed by contracts by topic, as the socket is', () => {
    expect(typed).toBeInstanceOf(Function)
    const server = testServer<{ 'room:*': Room }>()
    const socket = phoenixSocket<{ 'room:*': Room }>('ws://test/socket', { transport: server.transport })
    const lobby: Channel<Room> = socket.channel('room:lobby', { params: { nickname: 'ann' } })
    server.expectJoin('room:lobby').reply({ members: 3 })
    lobby.subscribe().unsubscribe()
    expect(server.sent[0]?.payload).toEqual({ nickname: 'ann' })
  })

  it('is a fake server like the other: assertSent reads it', () => {
    const { server, lobby } = setup()
    lobby.push('save', { id: 1 }).subscribe()
    expect(() => {
      assertSent(server, [joinFrame('room:lobby'), pushFrame('room:lobby', 'save', { id: 1 })])
    }).not.toThrow()
  })

  it('tells pushes apart by event, and by payload', () => {
    const { server, lobby, topic } = setup()
    const replies: unknown[] = []
    for (const id of [1, 2]) lobby.push('save', { id }).subscribe((reply) => replies.push(reply))
    lobby.send('seen', { id: 3 }).subscribe()
    expect(topic.expectSend('seen')).toEqual({ id: 3 })
    topic.expectPush('save', expect.objectContaining({ id: 2 })).reply('second')
    topic.expectPush('save').reply('first')
    expect(replies).toEqual(['second', 'first'])
    server.verify()
  })

  it('answers a join only with the params that were expected', () => {
    const { server, socket } = setup()
    const join = server.expectJoin('room:lobby', { as: 'bob' })
    socket.channel('room:lobby').subscribe().unsubscribe()
    expect(join.params).toBeUndefined()
    const states: string[] = []
    socket.channel('room:lobby', { params: { as: 'bob' } }).subscribe(({ status }) => states.push(status))
    expect(join.params).toEqual({ as: 'bob' })
    join.reply({})
    expect(states).toEqual(['waiting', 'joining', 'joined'])
    expect(server.topic('room:lobby').params).toEqual({ as: 'bob' })
  })

  it('refuses a join as Phoenix does when its callback raises', () => {
    const { server, lobby } = setup()
    server.expectJoin('room:lobby').crash()
    let said = ''
    lobby.subscribe({ error: (error: Error) => (said = error.message) })
    expect(said).toMatch(/^The server refused the join of "room:lobby": its join callback raised/)
  })

  it('has a topic for each name, and takes no other', () => {
    const { server, topic } = setup()
    expect(server.topic('room:lobby')).toBe(topic)
    expect(server.presence('room:lobby')).toBe(server.presence('room:lobby'))
    expect(() => server.topic('')).toThrow(/^topic is ""/)
    expect(() => server.expectJoin('')).toThrow(/^topic is ""/)
    expect(() => server.presence('')).toThrow(/^topic is ""/)
  })

  it('gives keys that are names of Object to presence as data', () => {
    const { server, lobby } = setup()
    const lists: unknown[] = []
    lobby.on('presence_state').subscribe((list) => lists.push(Object.keys(list as object)))
    lobby.on('presence_diff').subscribe((diff) => lists.push(Object.keys((diff as { joins: object }).joins)))
    const people = server.presence('room:lobby')
    people.join('__proto__')
    people.join('constructor')
    expect(lists).toEqual([['__proto__'], ['constructor']])
  })

  describe('with the fake timers of Jest', () => {
    beforeEach(() => {
      jest.useFakeTimers()
    })
    afterEach(() => {
      jest.useRealTimers()
    })

    it('lets a push time out, and the client come back', () => {
      const { server, lobby, topic } = setup({})
      const errors: unknown[] = []
      const subscription = lobby.subscribe()
      lobby.push('save').subscribe({ error: ({ _tag }: { _tag: string }) => errors.push(_tag) })
      topic.expectPush('save').timeOut()
      jest.advanceTimersByTime(10_000)
      expect(errors).toEqual(['PushTimeout'])

      server.drop()
      expect([lobby.state.status, server.connections]).toEqual(['waiting', 0])
      jest.advanceTimersByTime(10)
      expect([lobby.state.status, server.connections]).toEqual(['joined', 1])
      subscription.unsubscribe()
      server.verify({ closed: true })
      expect(jest.getTimerCount()).toBe(0)
    })
  })
})

describe('the reports of testServer', () => {
  it('of a push that was not sent, with what was, and the frames so far', () => {
    const { lobby, topic } = setup()
    lobby.push('typing', { on: true }).subscribe()
    expect(reportOf(() => topic.expectPush('new_msg', { body: 'hi' }))).toBe(
      [
        'expectPush: "room:lobby" has no push "new_msg" with the payload {"body":"hi"}.',
        'Not expected yet: room:lobby typing {"on":true}',
        'Frames so far (→ client, ← server):',
        '  → room:lobby phx_join {}',
        '  ← room:lobby phx_reply {"status":"ok","response":{}}',
        '  → room:lobby typing {"on":true}',
      ].join('\n'),
    )
  })

  it('of a topic that nobody has joined', () => {
    const { server, lobby } = setup()
    expect(
      reportOf(() => {
        server.topic('room:b').say('new_msg')
      }),
    ).toBe('"room:b" cannot say "new_msg": the client has not joined it. Joined: nothing.\nNo frames so far.')
    lobby.subscribe()
    for (const end of ['crash', 'close'] as const)
      expect(
        reportOf(() => {
          server.topic('room:b')[end]()
        }),
      ).toMatch(new RegExp(`^"room:b" cannot ${end}: the client has not joined it. Joined: "room:lobby".`))
  })

  it('of a second answer, and of a late one', () => {
    const { server, socket, lobby, topic } = setup()
    lobby.push('save').subscribe({ error: () => undefined })
    lobby.push('save').subscribe({ error: () => undefined })
    const [push, late] = [topic.expectPush('save'), topic.expectPush('save')]
    push.reply()
    expect(
      reportOf(() => {
        push.refuse()
      }),
    ).toMatch(/^The push "save" on "room:lobby" cannot be answered: it has already been answered/)
    server.drop()
    expect(
      reportOf(() => {
        late.reply()
      }),
    ).toMatch(/cannot be answered: its connection or its join has ended since/)

    const join = server.expectJoin('room:a')
    join.refuse()
    expect(
      reportOf(() => {
        join.reply()
      }),
    ).toMatch(/^The join of "room:a" has already been answered/)
    const given = server.expectJoin('room:b')
    socket.channel('room:b').subscribe().unsubscribe()
    expect(
      reportOf(() => {
        given.reply()
      }),
    ).toMatch(/^The join of "room:b" cannot be answered: the client has abandoned it/)
  })

  it('of somebody who is not present', () => {
    const { server } = setup()
    const people = server.presence('room:lobby')
    people.join('ann')
    expect(
      reportOf(() => {
        people.leave('bob')
      }),
    ).toMatch(/^"bob" is not present on "room:lobby". Present: ann/)
  })

  it('of verify: everything that was not expected, not answered, and not closed', () => {
    const { server, lobby, topic } = setup()
    lobby.push('shout', { n: 1 }).subscribe()
    lobby.push('save', { n: 2 }).subscribe()
    topic.expectPush('save')
    server.expectJoin('room:lobby')
    expect(
      reportOf(() => {
        server.verify({ closed: true })
      })
        .split('\n')
        .slice(0, 5),
    ).toEqual([
      'No test expected this push: room:lobby shout {"n":1}',
      'This push has no answer: room:lobby save {"n":2}. Answer what expectPush returned, or call expectSend if the client does not wait for a reply.',
      'The client has not joined "room:lobby" since expectJoin was called; call it before the client joins.',
      'The client has not left "room:lobby".',
      'The client has not closed 1 of its connections.',
    ])
  })

  it('of verify: a join that waits', () => {
    const { server, lobby } = setup()
    server.expectJoin('room:lobby')
    const subscription = lobby.subscribe()
    expect(
      reportOf(() => {
        server.verify()
      }),
    ).toMatch(/^This join has no answer: room:lobby phx_join {}/)
    subscription.unsubscribe()
    server.verify()
  })

  it('shows the last frames only', () => {
    const { lobby, topic } = setup()
    lobby.subscribe()
    for (let n = 0; n < 40; n += 1) topic.say('tick', { n })
    const lines = reportOf(() => topic.expectPush('save')).split('\n')
    expect(lines).toContain('  (12 earlier frames)')
    expect(lines).toHaveLength(34)
  })
})
