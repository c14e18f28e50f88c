import { concat, firstValueFrom, of, throwError, timer } from 'rxjs'
import { phoenixSocket } from '../../lib/index.ts'
import {
  assertSent,
  broadcast,
  fakePhoenix,
  heartbeatFrame,
  joinFrame,
  leaveFrame,
  type MarbleHelpers,
  marbles,
  pushFrame,
  runMarbles,
} from '../../lib/testing/index.ts'

const URL = 'ws://localhost/socket'

/** What somebody reads whose test failed; '' if it passed. */
const report = (test: (helpers: MarbleHelpers) => void): string =>
  said(() => {
    runMarbles(test)
  })

const said = (work: () => void): string => {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

describe('runMarbles says of a stream that is not as its diagram', () => {
  it('nothing if it matches, deeply and through matchers, and returns what the test returns', () => {
    const result = runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<unknown>('a-b|', { a: { n: [1, undefined], x: undefined }, b: new Error('e') })
      expectObservable(source).toBe('a-b|', {
        a: expect.objectContaining({ n: [1, undefined] }) as unknown,
        b: new Error('e'),
      })
      expectSubscriptions(source.subscriptions).toBe('^--!')
      return 7
    })
    expect(result).toBe(7)
  })

  it('where it differs, in two diagrams, with the values', () => {
    expect(
      report(({ cold, expectObservable }) => {
        expectObservable(cold('--a---b|', { a: 1, b: { n: 2 } })).toBe('--a--c|', { a: 1, c: { n: 2 } })
      }),
    ).toBe(
      `The stream did not match its diagram.
  expected: --a--b|
  actual:   --a---b|
  at 5 ms: expected b, came nothing
  at 6 ms: expected |, came b
  at 7 ms: expected nothing, came |
  a = 1
  b = {"n":2}`,
    )
  })

  it('which error was expected and which came', () => {
    expect(
      report(({ expectObservable }) => {
        expectObservable(throwError(() => new TypeError('one'))).toBe('#', {}, new TypeError('two'))
      }),
    ).toBe(
      `The stream did not match its diagram.
  expected: #
  actual:   #
  at 0 ms: expected #, came #
  # = TypeError: two (expected)
  # = TypeError: one (came)`,
    )
  })

  it('values of one millisecond as a group, and long waits as a time', () => {
    expect(
      report(({ cold, expectObservable }) => {
        expectObservable(cold('(ab) 1m c')).toBe('(ab) 2m c')
      }),
    ).toMatch(/expected: \(ab\) 120000ms c\n {2}actual: {3}\(ab\) 60000ms c\n/)
  })

  it('times where something comes while a group still takes up columns', () => {
    expect(
      report(({ expectObservable }) => {
        expectObservable(concat(of('a', 'b', 'c'), timer(1))).toBe('(abc)')
      }),
    ).toContain('expected: (abc)\n  actual:   0: (abc), 1: (d|)\n')
  })

  it('which subscriptions were expected', () => {
    expect(
      report(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('---')
        expectObservable(source, '-^--!')
        expectSubscriptions(source.subscriptions).toBe('^!')
      }),
    ).toBe('The subscriptions did not match their diagram.\n  expected: ^!\n  actual:   -^--!')
  })

  it('no more than eight differences', () => {
    const text = report(({ cold, expectObservable }) => {
      expectObservable(cold('a'.repeat(20))).toBe('b'.repeat(20))
    })
    expect(text).toContain('at 7 ms: expected a, came b\n  and 12 more\n')
    expect(text).not.toContain('at 8 ms')
  })

  it('that it never ends, instead of running forever', () => {
    expect(
      report(({ expectObservable, phoenix }) => {
        expectObservable(phoenixSocket(URL, { transport: phoenix().transport })).toBe('a')
      }),
    ).toMatch(
      /^This test still runs after a day of virtual time, because something is never unsubscribed\. .*'\^----!', or pass heartbeatIntervalMs: 0\.$/,
    )
  })

  it.each<[unknown, unknown, boolean]>([
    [new Date(1), new Date(1), true],
    [new Date(1), new Date(2), false],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 2), true],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 3), false],
    [Uint8Array.of(1).buffer, Uint8Array.of(1).buffer, true],
    [Uint8Array.of(1).buffer, Uint8Array.of(2).buffer, false],
    [new Map([['a', { n: 1 }]]), new Map([['a', { n: 1 }]]), true],
    [new Map([['a', { n: 1 }]]), new Map([['a', { n: 2 }]]), false],
    [new Set([1]), new Set([2]), false],
    [[1, 2], [1], false],
    [[1], { 0: 1 }, false],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [NaN, NaN, true],
    [0, -0, false],
    [null, {}, false],
    [new Error('a'), new Error('b'), false],
    [new TypeError('a'), new Error('a'), false],
  ])('whether %p is %p: %p', (actual, expected, same) => {
    const text = report(({ expectObservable }) => {
      expectObservable(of(actual)).toBe('(a|)', { a: expected })
    })
    expect(text === '').toBe(same)
  })
})

describe('marbles', () => {
  it('leaves the report to the test framework', () => {
    const calls: unknown[] = []
    const run = marbles((actual, expected) => calls.push([actual, expected]))
    run(({ expectObservable }) => {
      expectObservable(of(1)).toBe('(a|)', { a: 2 })
    })
    const at = (value: number): unknown => [
      { frame: 0, notification: { kind: 'N', value, error: undefined } },
      { frame: 0, notification: { kind: 'C', value: undefined, error: undefined } },
    ]
    expect(calls).toEqual([[at(1), at(2)]])
  })
})

describe('expectSent reports about the frames of the client', () => {
  const pushing = (diagram: string, frames: Parameters<ReturnType<MarbleHelpers['expectSent']>['toBe']>[1]) =>
    report(({ expectObservable, expectSent, phoenix }) => {
      const server = phoenix()
      const socket = phoenixSocket(URL, { transport: server.transport, heartbeatIntervalMs: 0 })
      expectObservable(socket.channel('room:a').push('say', { n: 1 }), '--^')
      expectSent(server).toBe(diagram, frames)
    })
  const frames = { j: joinFrame('room:a'), p: pushFrame('room:a', 'say', { n: 1 }), L: leaveFrame('room:a') }

  it('nothing if it is as in the diagram', () => {
    expect(pushing('--(jpL)', frames)).toBe('')
    expect(
      pushing('--(jpL)', { ...frames, p: pushFrame('room:a', 'say'), j: { ref: '1', joinRef: '1' } }),
    ).toBe('')
  })

  it('what was expected, what was sent, and when', () => {
    expect(pushing('--j-(pL)', { ...frames, p: pushFrame('room:a', 'say', { n: 2 }) })).toBe(
      `The stream did not match its diagram.
  expected: --a-(bc)
  actual:   --(adc)
  at 2 ms: expected a, came adc
  at 4 ms: expected bc, came nothing
  a = room:a phx_join
  b = room:a say {"n":2}
  c = room:a phx_leave
  d = room:a say {"n":1}`,
    )
  })

  it('that a letter has no frame, immediately', () => {
    expect(pushing('j-k 30s L', frames)).toBe('The diagram "j-k 30s L" has "k", but no frame for it.')
  })
})

describe('a server that follows diagrams', () => {
  it.each([
    ['o--m', 'The diagram "o--m" has "m", but no message for it.'],
    ['m--o', 'The link "m--o" sends "m" before it opens. Begin with "o".'],
  ])('rejects "%s" immediately', (diagram, text) => {
    const values = diagram.startsWith('m') ? { m: broadcast('a', 'b') } : {}
    expect(report(({ phoenix }) => phoenix(diagram, values))).toBe(text)
  })
})

describe('assertSent', () => {
  const sent = async () => {
    const server = fakePhoenix()
    const socket = phoenixSocket(URL, { transport: server.transport })
    await firstValueFrom(socket.channel('room:a').push('say', { n: 1 }))
    return server
  }

  it('accepts the frames that were sent, comparing only the named fields', async () => {
    const server = await sent()
    assertSent(server, [joinFrame('room:a', {}), pushFrame('room:a', 'say', { n: 1 }), leaveFrame('room:a')])
    assertSent(server, [{ ref: '1' }, { joinRef: '1' }, { topic: 'room:a' }])
    assertSent(server.sent.slice(1, 2), [pushFrame('room:a', 'say')])
    expect(server.sent).toHaveLength(3)
  })

  it('lists both side by side if they differ', async () => {
    const server = await sent()
    expect(
      said(() => {
        assertSent(server, [
          joinFrame('room:a'),
          pushFrame('room:a', 'say', { n: 2 }),
          { ref: '9' },
          heartbeatFrame(),
        ])
      }),
    ).toBe(
      `The client did not send the expected frames.
  1. room:a phx_join {}
  2. expected room:a say {"n":2}
     sent     room:a say {"n":1}
  3. expected any topic, any event {"ref":"9"}
     sent     room:a phx_leave {}
  4. expected phoenix heartbeat
     sent     nothing`,
    )
    expect(
      said(() => {
        assertSent(server, [])
      }),
    ).toContain('  1. expected nothing\n     sent     room:a phx_join {}')
  })
})
