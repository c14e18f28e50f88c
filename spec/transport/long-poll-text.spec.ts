import { firstValueFrom } from 'rxjs'
import { longPollTransport } from '../../lib/index.ts'

/** The answer of a fetch whose body is no stream of the platform. */
const answerWith = (body: unknown): Response =>
  ({
    ok: true,
    status: 200,
    headers: new Headers(),
    body,
    text: () => Promise.resolve('{"status":410,"token":"t","messages":[]}'),
  }) as Response

describe('long polling over a fetch', () => {
  it.each([
    ['without a body', undefined],
    ['whose body is null', null],
    ['whose body is a stream of Node', { pipe: () => undefined, on: () => undefined }],
  ])('%s reads the text of the answer', async (_how, body) => {
    let requests = 0
    const transport = longPollTransport({
      fetch: () => (++requests === 1 ? Promise.resolve(answerWith(body)) : new Promise(() => undefined)),
    })
    const target = { url: 'http://h/socket', params: {}, vsn: '2.0.0' }
    expect(await firstValueFrom(transport(target))).toMatchObject({ type: 'open' })
  })
})
