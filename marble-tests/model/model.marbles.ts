import fc from 'fast-check'
import { config } from 'rxjs'
import { actions, entangled, setups } from './action.ts'
import { PLACES } from './client.ts'
import { playAlone, playBoth } from './play.ts'

const { MODEL_RUNS, MODEL_SEED, MODEL_PATH } = process.env

/** `MODEL_RUNS=200000` runs longer; `MODEL_SEED=… MODEL_PATH=…`, as a failure prints them, runs that one again. */
const parameters = {
  numRuns: Number(MODEL_RUNS ?? 10_000),
  seed: MODEL_SEED === undefined ? Date.now() & 0x7fffffff : Number(MODEL_SEED),
  ...(MODEL_PATH === undefined ? {} : { path: MODEL_PATH }),
}

/** Says what is wrong, after the sequence was made as short as it can be. */
const holds = (wrong: readonly string[]): void => {
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

describe(`sequences of whatever can happen (MODEL_SEED=${parameters.seed})`, () => {
  it('end as in the model, step by step', () => {
    fc.assert(
      fc.property(setups, actions, (setup, list) => {
        holds(playBoth(setup, list))
      }),
      parameters,
    )
  }, 600_000)

  describe('with users who act or throw inside callbacks, and a server that answers immediately', () => {
    const { onUnhandledError } = config
    beforeAll(() => {
      config.onUnhandledError = () => undefined
    })
    afterAll(async () => {
      // RxJS reports them in a later turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve))
      config.onUnhandledError = onUnhandledError
    })

    it('keep the laws, and come to rest', () => {
      fc.assert(
        fc.property(
          setups,
          fc.constantFrom(...PLACES),
          fc.boolean(),
          entangled,
          (setup, place, prompt, list) => {
            holds(playAlone(setup, place, prompt, list))
          },
        ),
        parameters,
      )
    }, 600_000)
  })
})
