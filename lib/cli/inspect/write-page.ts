import { readFile, writeFile } from 'node:fs/promises'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { parseSession, type Session } from '../../testing/index.ts'
import { UsageError } from '../exit-code.ts'
import { type Status } from '../status.ts'
import { pageHtml } from './page-html.ts'
import { pageScript } from './page-script.ts'

/** Writes a page with a recorded session, complete in itself. */
export const writePage = async (file: string, output: string, status: Status): Promise<void> => {
  const session = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`The session cannot be read: ${(cause as Error).message}`)
  })
  const { url, recordedAt } = pipe(
    parseSession(session),
    E.getOrElse(({ line, reason }): Session => {
      throw new UsageError(`${file} is not a recorded session: line ${line}: ${reason}.`)
    }),
  ).header
  const page = pageHtml({ title: `${url}, ${recordedAt}`, inline: pageScript(), session })
  await writeFile(output, page)
  status.tell(`${output}: ${Math.ceil(page.length / 1024)} kB. Look at it before you share it.`, 'good')
}
