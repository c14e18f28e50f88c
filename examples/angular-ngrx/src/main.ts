import { bootstrapApplication } from '@angular/platform-browser'
import { App } from './app/app.ts'
import { appConfig } from './app/app.config.ts'
import { keepForOffline } from './keep-for-offline.ts'

/** False in production, where the builder leaves out what depends on it. */
declare const ngDevMode: unknown

bootstrapApplication(App, appConfig)
  .then(async ({ injector }) => {
    if (ngDevMode) (await import('./inspect.ts')).addInspectButton(injector)
    await keepForOffline()
  })
  .catch((error: unknown) => {
    console.error(error)
  })
