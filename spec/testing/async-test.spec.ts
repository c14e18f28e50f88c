import { of } from 'rxjs'
import { InvalidArgument } from '../../lib/index.ts'
import { fakePhoenix, joinFrame, type MarbleHelpers, runMarbles } from '../../lib/testing/index.ts'

describe('runMarbles, given a test that awaits', () => {
  it('throws InvalidArgument for an async function, of which nothing would be compared after an await', () => {
    let ran = false
    const test = async ({ cold, expectObservable }: MarbleHelpers): Promise<void> => {
      ran = true
      await Promise.resolve()
      expectObservable(cold('a')).toBe('b')
    }
    expect(() => runMarbles(test)).toThrow(InvalidArgument)
    expect(() => runMarbles(test)).toThrow(/^test is a function: pass one that is not async/)
    expect(ran).toBe(false)
  })

  it.each<[string, (helpers: MarbleHelpers) => void]>([
    [
      'a stream',
      ({ expectObservable }) => {
        expectObservable(of('a')).toBe('b')
      },
    ],
    [
      'subscriptions',
      ({ expectSubscriptions }) => {
        expectSubscriptions([]).toBe('^')
      },
    ],
    [
      'frames',
      ({ expectSent }) => {
        expectSent(fakePhoenix()).toBe('j', { j: joinFrame('room:a') })
      },
    ],
  ])('refuses what is expected of %s when virtual time is over', async (_case, expectIt) => {
    const late = runMarbles((helpers) =>
      Promise.resolve().then(() => {
        expectIt(helpers)
      }),
    )
    await expect(late).rejects.toThrow('This marble test has already run')
  })

  it('gives a Promise that was made in virtual time', async () => {
    expect(await runMarbles(() => Promise.resolve(7))).toBe(7)
  })
})
