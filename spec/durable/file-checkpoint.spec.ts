import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstValueFrom, from, isObservable } from 'rxjs'
import {
  type Checkpoint,
  type Eventually,
  fileCheckpoint,
  storageCheckpoint,
} from '../../lib/durable/index.ts'

const settled = <T>(result: Eventually<T>): Promise<T> =>
  firstValueFrom(isObservable(result) ? result : from(Promise.resolve(result)))
const load = (checkpoint: Checkpoint) => settled(checkpoint.load())

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'))
  path = join(folder, 'position')
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('fileCheckpoint', () => {
  it('gives back what was saved, and leaves nothing else in the folder', async () => {
    const first = fileCheckpoint(path)
    expect(await load(first)).toBeUndefined()
    await settled(first.save({ cursor: 'a', ahead: 2 }))
    await settled(first.save({ cursor: 'b', sequence: 7, ahead: 0 }))
    await settled(first.close())
    expect(await readdir(folder)).toEqual(['position'])
    const second = fileCheckpoint(path)
    expect(await load(second)).toEqual({ cursor: 'b', sequence: 7, ahead: 0 })
    await settled(second.close())
  })

  it.each([
    '',
    'not JSON',
    '{"cursor":3}',
    '{"kind":"other"}',
    '[1]',
    'null',
    '{"kind":"rx-phoenix checkpoint"}',
  ])(
    'fails with CheckpointInvalid for a file with %p, and leaves it untouched and unlocked',
    async (text) => {
      await writeFile(path, text)
      await expect(load(fileCheckpoint(path))).rejects.toMatchObject({
        _tag: 'CheckpointInvalid',
        source: path,
      })
      expect(await readFile(path, 'utf8')).toBe(text)
      expect(await readdir(folder)).toEqual(['position'])
    },
  )

  it('fails with CheckpointFailed where the folder is missing', async () => {
    await expect(load(fileCheckpoint(join(folder, 'none', 'position')))).rejects.toMatchObject({
      _tag: 'CheckpointFailed',
      step: 'load',
    })
  })

  it('lets one feed at a time use a file, and the next one when that has ended', async () => {
    const [first, second] = [fileCheckpoint(path), fileCheckpoint(path)]
    await load(first)
    await expect(load(second)).rejects.toMatchObject({ _tag: 'CheckpointLocked' })
    await settled(first.close())
    await load(second)
    await settled(second.close())
  })

  it('is free again where a feed ends while it is being loaded', async () => {
    const first = fileCheckpoint(path)
    const loading = load(first)
    await settled(first.close())
    await loading
    expect(await readdir(folder)).toEqual([])
  })

  it('is locked by a process that runs, and taken over from one that is gone', async () => {
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const lock = JSON.stringify({ pid: holder.pid, host: hostname() })
    await writeFile(`${path}.lock`, lock)
    const checkpoint = fileCheckpoint(path)
    await expect(load(checkpoint)).rejects.toMatchObject({
      _tag: 'CheckpointLocked',
      holder: `process ${holder.pid} on ${hostname()}`,
    })
    const gone = new Promise((resolve) => holder.once('exit', resolve))
    holder.kill('SIGKILL')
    await gone
    await load(checkpoint)
    await settled(checkpoint.close())
  })

  it('takes over the lock of a predecessor with the same process id, as in a container', async () => {
    await writeFile(`${path}.lock`, JSON.stringify({ pid: process.pid, host: hostname() }))
    const checkpoint = fileCheckpoint(path)
    expect(await load(checkpoint)).toBeUndefined()
    await settled(checkpoint.close())
  })

  it('does not take the lock of another machine', async () => {
    await writeFile(`${path}.lock`, JSON.stringify({ pid: 1, host: 'elsewhere' }))
    await expect(load(fileCheckpoint(path))).rejects.toMatchObject({ _tag: 'CheckpointLocked' })
  })

  it('is taken by one of many that try together', async () => {
    await writeFile(`${path}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }))
    const checkpoints = Array.from({ length: 20 }, () => fileCheckpoint(path))
    const results = await Promise.allSettled(checkpoints.map(load))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it.each(['', 7])('throws InvalidArgument for the path %p', (wrong) => {
    expect(() => fileCheckpoint(wrong as never)).toThrow(
      expect.objectContaining({ _tag: 'InvalidArgument' }) as never,
    )
  })
})

describe('storageCheckpoint', () => {
  const storage = (kept: Record<string, string> = {}) => ({
    kept,
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value
    },
  })

  it('gives back what was saved', async () => {
    const local = storage()
    await settled(storageCheckpoint(local, 'key').save({ cursor: 3 }))
    expect(await load(storageCheckpoint(local, 'key'))).toEqual({ cursor: 3 })
    expect(await load(storageCheckpoint(local, 'other'))).toBeUndefined()
  })

  it('fails with CheckpointInvalid for what is none, and leaves it untouched', async () => {
    const local = storage({ key: 'dark' })
    await expect(load(storageCheckpoint(local, 'key'))).rejects.toMatchObject({ _tag: 'CheckpointInvalid' })
    expect(local.kept).toEqual({ key: 'dark' })
  })

  it('fails with CheckpointFailed where the quota is refused', async () => {
    const full = {
      ...storage(),
      setItem: () => {
        throw new Error('QuotaExceededError')
      },
    }
    await expect(settled(storageCheckpoint(full, 'key').save({ cursor: 3 }))).rejects.toMatchObject({
      _tag: 'CheckpointFailed',
      step: 'save',
    })
  })
})
