import { type JoinFlags } from '../../lib/cli/connection-flags.ts'
import { hidingSecrets } from '../../lib/cli/secrets.ts'

const flags = (own: Partial<JoinFlags>): JoinFlags => ({
  vsn: '2.0.0',
  transport: 'websocket',
  timeout: 10,
  ...own,
})
const env = { SHORT: '7', LONG: 'corr"ect horse', EMPTY: '' }

describe('hidingSecrets', () => {
  it.each<[string, Partial<JoinFlags>, string, string]>([
    ['nothing, where nothing is secret', {}, '["1","7","a","e",{}]', '["1","7","a","e",{}]'],
    [
      'a short value under its key, and not where the same text stands for something else',
      { joinParamEnv: { pin: 'SHORT' } },
      '["7","7","a","phx_join",{"pin":"7","n":"7"}]',
      '["7","7","a","phx_join",{"pin":"[redacted]","n":"7"}]',
    ],
    [
      'a long value wherever it stands',
      { tokenEnv: 'LONG' },
      String.raw`["1","1","a","hi",{"you":"are corr\"ect horse"}]`,
      '["1","1","a","hi",{"you":"are [redacted]"}]',
    ],
    [
      'a long value of a header',
      { headerEnv: { cookie: 'LONG' } },
      String.raw`"corr\"ect horse"`,
      '"[redacted]"',
    ],
    [
      'nothing for a variable that is not there',
      { tokenEnv: 'NONE', paramEnv: { a: 'EMPTY' } },
      '{"b":""}',
      '{"b":""}',
    ],
  ])('hides %s', (_what, own, json, hidden) => {
    expect(hidingSecrets(flags(own), env)(json)).toBe(hidden)
  })
})
