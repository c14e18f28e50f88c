import { type ClientName } from '../clients/names.ts'
import { type Measured } from '../measured.ts'
import { bundledKb } from './bundled.ts'

type PerClient = Readonly<Partial<Record<ClientName, string>>>

/** What a user of each writes. */
const core: PerClient = {
  phoenix: `export { Socket } from 'phoenix'`,
  supabase: `export { RealtimeClient } from '@supabase/realtime-js'`,
  rx: `export { phoenixSocket } from 'rx-phoenix'`,
}
const withPresence: PerClient = {
  ...core,
  phoenix: `export { Socket, Presence } from 'phoenix'`,
  rx: `export { phoenixSocket, presence } from 'rx-phoenix'`,
}
/** With what a page needs that sleeps and wakes; phoenix.js has nothing of the kind. */
const ofAnApplication: PerClient = {
  ...withPresence,
  rx: `export { browserPause, browserWake, phoenixSocket, presence } from 'rx-phoenix'`,
}

const textOf = (texts: PerClient, client: ClientName): string => {
  const text = texts[client]
  if (text === undefined) throw new Error(`${client} is not measured in bytes`)
  return text
}

/** What a page loads, rxjs not counted. */
export const bytes = async (
  client: ClientName,
  mode: 'production' | 'development',
  presence: boolean,
): Promise<Measured> => ({
  value: await bundledKb(textOf(presence ? withPresence : core, client), {
    external: ['rxjs'],
    conditions: [mode, 'module'],
  }),
  correct: true, // or it would have thrown
})

/** Angular with HTTP: what an application has before, with what it uses of rxjs. */
const angular = `
  export { ApplicationRef, Component, computed, effect, inject, provideZonelessChangeDetection, signal } from '@angular/core'
  export { toObservable, toSignal, takeUntilDestroyed } from '@angular/core/rxjs-interop'
  export { AsyncPipe } from '@angular/common'
  export { HttpClient, provideHttpClient } from '@angular/common/http'
  export { catchError, concatMap, map, of, switchMap } from 'rxjs'`

/** What an application with Angular grows by: what rxjs brings for the client, and Angular does not, is counted. */
export const bytesInAngular = async (client: ClientName): Promise<Measured> => {
  const options = { define: { ngDevMode: 'false', ngJitMode: 'false' } }
  const after = await bundledKb(`${angular}\n${textOf(ofAnApplication, client)}`, options)
  return { value: after - (await bundledKb(angular, options)), correct: true }
}

/** What core and presence grow by where a build takes out what is newer than 2020, such as private members. */
export const growthForEs2020 = async (client: ClientName): Promise<Measured> => {
  const text = textOf(withPresence, client)
  const sizeFor = (target: string): Promise<number> => bundledKb(text, { external: ['rxjs'], target })
  return { value: (await sizeFor('es2020')) - (await sizeFor('es2022')), correct: true }
}
