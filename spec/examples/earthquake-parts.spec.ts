import { from, lastValueFrom, type Timestamp, toArray } from 'rxjs'
import { commandLine, UsageError } from '../../examples/earthquakes/command-line.ts'
import { type Earthquake } from '../../examples/earthquakes/contract.ts'
import { dailyStatistics, regionOf, total } from '../../examples/earthquakes/daily-statistics.ts'
import { decodeEarthquake } from '../../examples/earthquakes/decode-earthquake.ts'
import { describeState } from '../../examples/earthquakes/describe-state.ts'
import { table } from '../../examples/earthquakes/format.ts'
import { type Outage, type Outcome, outcomeOf } from '../../examples/earthquakes/outcome.ts'
import { drawBar, progress } from '../../examples/earthquakes/progress.ts'
import { expectedOf, prove } from '../../examples/earthquakes/prove.ts'
import { type Report } from '../../examples/earthquakes/report.ts'
import { ConnectionClosed } from '../../lib/index.ts'

const quake = (id: string, at: string, mag: number, place: string): Earthquake => ({
  id,
  time: Date.parse(at),
  mag,
  place,
})

const quakes = [
  quake('a', '2018-01-31T10:00Z', 1, '3km N of Cobb, CA'),
  quake('b', '2018-01-31T11:00Z', 2, '9km W of Cobb, California'),
  quake('c', '2018-01-31T23:59:59.999Z', 6, 'South of the Fiji Islands'),
  quake('d', '2018-02-01T00:00Z', 5, '1km S of Reno, NV'),
]

describe('dailyStatistics', () => {
  const daysOf = (...events: readonly Earthquake[]): Promise<unknown> =>
    lastValueFrom(from(events).pipe(dailyStatistics(), toArray()))

  it('counts and averages by the day of the event, in UTC, and by region, the largest first', async () => {
    expect(await daysOf(...quakes)).toEqual([
      {
        day: '2018-01-31',
        regions: [
          { region: 'California', count: 2, meanMag: 1.5, maxMag: 2 },
          { region: 'South of the Fiji Islands', count: 1, meanMag: 6, maxMag: 6 },
        ],
      },
      { day: '2018-02-01', regions: [{ region: 'Nevada', count: 1, meanMag: 5, maxMag: 5 }] },
    ])
  })

  it('closes a day with the first event of the next, without waiting for the end', () => {
    const closed: string[] = []
    from(quakes)
      .pipe(dailyStatistics())
      .subscribe(({ day }) => closed.push(day))
      .unsubscribe()
    expect(closed[0]).toBe('2018-01-31')
  })

  it('gives nothing for nothing', async () => {
    expect(await daysOf()).toEqual([])
  })

  it('sums a day up over its regions', () => {
    const regions = [
      { region: 'x', count: 3, meanMag: 1, maxMag: 2 },
      { region: 'y', count: 1, meanMag: 5, maxMag: 5 },
    ]
    expect(total({ day: '', regions })).toEqual({ count: 4, meanMag: 2, maxMag: 5 })
  })
})

describe('regionOf', () => {
  it.each([
    ['37km NNE of Amboy, Washington', 'Washington'],
    ['3km N of Cobb, CA', 'California'],
    ['Off the coast of Oregon', 'Off the coast of Oregon'],
  ])('of "%s" is "%s"', (place, region) => {
    expect(regionOf(quake('a', '2018-01-31', 1, place))).toBe(region)
  })
})

describe('decodeEarthquake', () => {
  it('keeps known fields', () => {
    expect(decodeEarthquake({ ...quakes[0], depth_km: 3 })).toEqual({ _tag: 'Right', right: quakes[0] })
  })

  it.each([
    null,
    'quake',
    [],
    {},
    { ...quakes[0], id: 7 },
    { ...quakes[0], time: '0' },
    { ...quakes[0], mag: null },
  ])('rejects %j', (payload) => {
    expect(decodeEarthquake(payload)).toMatchObject({ _tag: 'Left' })
  })
})

describe('prove', () => {
  const expected = expectedOf(quakes, 5)
  const cut: Outage = { trouble: 'cut', lastedMs: 1, after: 1, again: 1 }
  const kill: Outage = { trouble: 'kill -9', lastedMs: 1, after: 2, again: 1 }
  const good: Outcome = {
    counted: ['a', 'b', 'c', 'd'],
    alerted: ['c', 'd'],
    days: [{ day: '', regions: [{ region: '', count: 4, meanMag: 1, maxMag: 1 }] }],
    outages: [cut, kill],
  }

  it('accepts sums that match the data', () => {
    expect(prove(good, expected)).toEqual([])
  })

  it.each<[string, Partial<Outcome>, RegExp]>([
    ['a missing event', { counted: ['a', 'b', 'd'] }, /events counted: 1 missing \(c\)/],
    [
      'an event counted twice',
      { counted: ['a', 'b', 'b', 'c', 'd'] },
      /events counted: 1 more than once \(b\)/,
    ],
    ['an event from nowhere', { counted: ['a', 'b', 'c', 'd', 'e'] }, /events counted: 1 unexpected \(e\)/],
    ['another order', { counted: ['b', 'a', 'c', 'd'] }, /events counted: in another order/],
    ['an alert raised twice', { alerted: ['c', 'c', 'd'] }, /alerts raised: 1 more than once \(c\)/],
    ['an alert that was not raised', { alerted: ['c'] }, /alerts raised: 1 missing \(d\)/],
    ['days that do not add up', { days: [] }, /add up to 0 events instead of 4/],
    ['a connection that held', { outages: [kill] }, /never cut/],
    ['a process that lived', { outages: [cut] }, /never killed/],
    ['a checkpoint that was not used', { outages: [cut, { ...kill, again: 2 }] }, /began anew/],
  ])('notices %s', (_, wrong, message) => {
    expect(prove({ ...good, ...wrong }, expected).join('\n')).toMatch(message)
  })
})

describe('outcomeOf', () => {
  it('measures an outage until the next event is counted, and how much came again meanwhile', () => {
    const counted = (quake: Earthquake | undefined): readonly Report[] =>
      quake ? [{ type: 'received' }, { type: 'counted', quake }] : []
    const reports: readonly (readonly [number, readonly Report[]])[] = [
      [0, [...counted(quakes[0]), ...counted(quakes[2])]],
      [5, [{ type: 'received' }, { type: 'alerted', id: 'c' }]],
      [10, [{ type: 'trouble', trouble: 'kill -9' }]],
      [28, [{ type: 'received' }, { type: 'received' }]],
      [30, counted(quakes[3])],
    ]
    const stamped = reports.flatMap(([timestamp, all]) =>
      all.map((value): Timestamp<Report> => ({ value, timestamp })),
    )
    expect(outcomeOf(stamped)).toEqual({
      counted: ['a', 'c', 'd'],
      alerted: ['c'],
      days: [],
      outages: [{ trouble: 'kill -9', lastedMs: 20, after: 2, again: 2 }],
    })
  })
})

describe('commandLine', () => {
  const listening = ['--url', 'ws://h/socket', '--topic', 'room:a']

  it.each([
    [[], { type: 'demo', replayMs: 4000, awayMs: 600, dropEvery: 0 }],
    [
      ['--seconds', '2.5', '--away=0', '--drop', '9'],
      { type: 'demo', replayMs: 2500, awayMs: 0, dropEvery: 9 },
    ],
    [['-h'], { type: 'help' }],
    [listening, { type: 'listen', url: 'ws://h/socket', topic: 'room:a', event: undefined, params: {} }],
    [
      [...listening, '--event', 'e', '--params', '{"a":1}'],
      { type: 'listen', url: 'ws://h/socket', topic: 'room:a', event: 'e', params: { a: 1 } },
    ],
  ])('reads %j', (args, command) => {
    expect(commandLine(args)).toEqual(command)
  })

  it.each([
    ['--url', 'ws://h/socket'],
    ['--topic', 'a'],
    ['--event', 'a'],
    ['--seconds', ''],
    ['--seconds', '0'],
    ['--drop', 'x'],
    [...listening, '--params', '{'],
    ['word'],
  ])('rejects %s %s', (...args) => {
    expect(() => commandLine(args)).toThrow(UsageError)
  })
})

describe('progress', () => {
  const on = (isTTY: boolean, ci: boolean): string => {
    let written = ''
    const shown = progress({ write: (text: string) => (written += text) !== '', isTTY, columns: 60 }, ci)
    shown.bar(1, 2, 'half')
    shown.line('a line')
    shown.end()
    return written
  }

  it('keeps the bar below the lines on a terminal, and takes it away', () => {
    const bar = `${drawBar(1, 2)} half`
    expect(on(true, false)).toBe(`\r\u001b[2K${bar}\r\u001b[2Ka line\n${bar}\r\u001b[2K`)
  })

  it.each([
    [false, false],
    [true, true],
  ])('writes plain lines alone otherwise (terminal: %s, CI: %s)', (isTTY, ci) => {
    expect(on(isTTY, ci)).toBe('a line\n')
  })

  it('draws a bar that is never longer than full', () => {
    expect(drawBar(0, 0)).toMatch(/^░{24} +0 %$/)
    expect(drawBar(1, 2)).toMatch(/^█{12}░{12} +50 %$/)
    expect(drawBar(3, 2)).toMatch(/^█{24} 100 %$/)
  })
})

describe('describeState', () => {
  const cause = new ConnectionClosed({ code: 1006, reason: '', wasClean: false })

  it.each([
    [describeState({ status: 'connecting', attempt: 0 }), 'connecting'],
    [describeState({ status: 'joining', attempt: 2 }), 'joining, after 2 failures'],
    [describeState({ status: 'waiting' }), 'waiting for the socket'],
    [
      describeState({ status: 'waiting', attempt: 1, retryInMs: 5, cause }),
      `waiting 5 ms, 1 failure: ${cause.message}`,
    ],
    [
      describeState({ status: 'errored', attempt: 2, retryInMs: 5, cause }),
      'errored 5 ms, 2 failures: ConnectionClosed',
    ],
    [describeState({ status: 'joined', response: {}, joinRef: '1', rejoined: true }), 'joined again'],
    [describeState({ status: 'closed' }), 'closed'],
  ])('says "%s"', (said, expected) => {
    expect(said).toBe(expected)
  })
})

describe('table', () => {
  it('aligns words to the left and numbers, whose heading begins with a space, to the right', () => {
    expect(
      table([
        ['day', ' n', 'top'],
        ['monday', '10', 'x'],
        ['fri', '9', ''],
      ]),
    ).toBe('day      n  top\nmonday  10  x\nfri      9')
  })
})
