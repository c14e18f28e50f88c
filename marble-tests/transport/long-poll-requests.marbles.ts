import { NEVER, takeUntil, timer } from 'rxjs'
import {
  InvalidArgument,
  type LongPollOptions,
  longPollTransport,
  type TransportTarget,
} from '../../lib/index.ts'
import { errorLike } from '../support/channel.ts'
import { type Asked } from '../support/fake-fetch.ts'
import { run } from '../support/run.ts'
import { after, longPollOn, onOpen, OPENED, told } from './support.ts'

/** Of each request: for a session, for messages, one POST, and for messages again, with the token of the last answer. */
const requests = (
  show: (asked: Asked) => unknown,
  options: LongPollOptions = {},
  target: Partial<TransportTarget> = {},
): readonly unknown[] =>
  run(({ flush }) => {
    const answers = [after(1, OPENED), after(3, { ...told(), token: 'u' })]
    const { asked$, events$ } = longPollOn({ polls: (index) => answers[index] ?? NEVER }, { options, target })
    const shown: unknown[] = []
    asked$.subscribe((asked) => shown.push(show(asked)))
    const sendOne = onOpen((link) => {
      link.send('["1"]')
    })
    events$.pipe(takeUntil(timer(10))).subscribe(sendOne)
    flush()
    return shown
  })
const address = ({ url }: Asked): string => url.href
const header =
  (name: string) =>
  ({ headers }: Asked): string | null =>
    headers.get(name)
const NO = null

describe('long polling: requests', () => {
  it('go to /longpoll below the mount point, over HTTP, with params, version and token', () => {
    const base = 'https://host:1/a/socket/longpoll?a%5Bb%5D=1&vsn=2.0.0'
    expect(requests(address, {}, { url: 'wss://host:1/a/socket/', params: { a: { b: 1 } } })).toEqual([
      base,
      `${base}&token=t`,
      `${base}&token=t`,
      `${base}&token=u`,
    ])
    expect(requests(address, {}, { url: 'ws://host/socket/websocket' })[0]).toBe(
      'http://host/socket/longpoll?vsn=2.0.0',
    )
  })

  it('carry the token of the session both ways, or as configured', () => {
    const name = 'x-phoenix-longpoll-token'
    const bare = 'http://host/socket/longpoll?vsn=2.0.0'
    expect(requests(header(name))).toEqual([NO, 't', 't', 'u'])
    expect(requests(header(name), { sessionToken: 'header' })).toEqual([NO, 't', 't', 'u'])
    expect(requests(address, { sessionToken: 'header' })).toEqual([bare, bare, bare, bare])
    expect(requests(header(name), { sessionToken: 'query' })).toEqual([NO, NO, NO, NO])
    expect(requests(address, { sessionToken: 'query' })[1]).toBe(`${bare}&token=t`)
  })

  it('carry a param "token" to the session, and then that of the session instead', () => {
    expect(requests(address, {}, { params: { token: 'mine', b: 1 } }).slice(0, 2)).toEqual([
      'http://host/socket/longpoll?token=mine&b=1&vsn=2.0.0',
      'http://host/socket/longpoll?b=1&vsn=2.0.0&token=t',
    ])
  })

  it('carry the auth token as a header of what may open a session, and never in the address', () => {
    const target = { authToken: 'a/b?c.d' } // which no sub-protocol could carry
    expect(requests(header('x-phoenix-authtoken'), {}, target)).toEqual(['a/b?c.d', 'a/b?c.d', NO, 'a/b?c.d'])
    expect(requests(address, {}, target).join()).not.toContain('a/b')
    expect(requests(header('x-phoenix-authtoken'))).toEqual([NO, NO, NO, NO])
  })

  it('carry the headers of the options, but not in place of their own', () => {
    const options = { headers: { 'x-a': '1', accept: 'text/html' } }
    expect(requests(header('x-a'), options)).toEqual(['1', '1', '1', '1'])
    expect(requests(header('accept'), options)[0]).toBe('application/json')
  })
})

describe('long polling: what cannot be carried', () => {
  it.each([
    ['url', { url: 'ftp://host' }],
    ['params', { params: { big: { toJSON: () => 1n } as never } }],
    ['authToken', { authToken: null as never }],
    ['authToken', { authToken: 'a\nb' }],
    ['authToken', { authToken: 'é' }],
    ['authToken', { authToken: ' a' }],
  ])('is a failed input "%s", and nothing is asked', (input, target) => {
    run(({ expectObservable }) => {
      const { words$, log$ } = longPollOn({ polls: () => NEVER }, { target })

      expectObservable(words$).toBe('#', {}, errorLike('InputFailed', { input }))
      expectObservable(log$).toBe('')
    })
  })

  it.each([
    ['requestTimeoutMs', 0],
    ['requestTimeoutMs', NaN],
    ['requestTimeoutMs', Infinity],
    ['messagesPerPost', 0],
    ['messagesPerPost', 101],
    ['messagesPerPost', 1.5],
    ['sessionToken', 'cookie'],
    ['fetch', 'fetch'],
  ])('throws InvalidArgument for the option %s of %p', (option, value) => {
    const make = (): unknown => longPollTransport({ [option]: value })
    expect(make).toThrow(InvalidArgument)
    expect(make).toThrow(`longPollTransport.${option}`)
  })

  it.each([
    ['a name with a space', { 'x y': '1' }],
    ['an empty name', { '': '1' }],
    ['a name beyond ASCII', { 'x-é': '1' }],
    ['a value with a line break', { 'x-a': 'b\nc' }],
    ['a value beyond latin-1', { 'x-a': '…' }],
    ['a number', { 'x-a': 1 }],
    ['null', null],
  ])('throws InvalidArgument for headers that cannot travel: %s', (_case, headers) => {
    const make = (): unknown => longPollTransport({ headers: headers as never })
    expect(make).toThrow(InvalidArgument)
    expect(make).toThrow('longPollTransport.headers')
  })
})
