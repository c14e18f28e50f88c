import {
  AlreadyJoined,
  ChannelCrashed,
  JoinRefused,
  JoinTimeout,
  TooManyChannels,
} from '../../lib/protocol/channel-error.ts'
import { factsOf } from '../support/facts-of.ts'

const topic = 'room:a'

describe('JoinRefused', () => {
  it('has the topic and the response of the server', () => {
    const response = { reason: 'no entry', at: 9 }
    expect(factsOf(new JoinRefused({ topic, response }))).toEqual({ _tag: 'JoinRefused', topic, response })
  })

  it.each([
    [{ reason: 'no entry' }, 'no entry.'],
    [{ reason: 'unmatched topic' }, 'check its spelling and the mount point'],
    [{ reason: 'join crashed' }, 'see the log of the server'],
    [{ reason: 403 }, 'see response'],
    [{ token: 'sesame' }, 'see response'],
    [{}, 'see response'],
    ['no', 'see response'],
    [null, 'see response'],
    [undefined, 'see response'],
  ])('says of the response %j what to do', (response, advice) => {
    const { message } = new JoinRefused({ topic, response })
    expect(message).toContain('refused the join of "room:a": ')
    expect(message).toContain(advice)
    expect(message).not.toContain('sesame')
  })
})

describe('TooManyChannels', () => {
  it('has the topic and names the option that helps', () => {
    const error = new TooManyChannels(topic)
    expect(factsOf(error)).toEqual({ _tag: 'TooManyChannels', topic })
    expect(error.message).toMatch(/"room:a" was refused; set channelsPerConnection/)
  })
})

describe('JoinTimeout', () => {
  it('has the topic and the limit, and names the option to change', () => {
    const error = new JoinTimeout({ topic, timeoutMs: 10_000 })
    expect(factsOf(error)).toEqual({ _tag: 'JoinTimeout', topic, timeoutMs: 10_000 })
    expect(error.message).toMatch(/"room:a" within 10000 ms; raise joinTimeoutMs/)
  })
})

describe('AlreadyJoined', () => {
  it('has the topic and the option that differs, and says how to share the join', () => {
    const error = new AlreadyJoined({ topic, option: 'params' })
    expect(factsOf(error)).toEqual({ _tag: 'AlreadyJoined', topic, option: 'params' })
    expect(error.message).toMatch(/another value of "params".*Leave the option out to share the join/)
  })
})

describe('ChannelCrashed', () => {
  it('has the topic, what the server sent, and whether a push had been sent', () => {
    const payload = { reason: 'channel_crash', token: 'sesame' }
    const error = new ChannelCrashed({ topic, payload, sent: true })
    expect(factsOf(error)).toEqual({ _tag: 'ChannelCrashed', topic, payload, sent: true })
    expect(error.message).toBe('The channel "room:a" crashed on the server; see its log.')
  })

  it('is not about a sent push by default', () => {
    expect(new ChannelCrashed({ topic, payload: {} }).sent).toBe(false)
  })
})
