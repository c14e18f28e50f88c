import { type ApplicationConfig, inject } from '@angular/core'
import { provideEffects } from '@ngrx/effects'
import { provideState, provideStore } from '@ngrx/store'
import { browserPause, browserWake, steppedBackoff } from 'rx-phoenix'
import { providePhoenixSocket } from 'rx-phoenix/angular'
import * as chatEffects from './chat/chat.effects.ts'
import { chatFeature } from './chat/chat.feature.ts'
import { Session } from './session.ts'

export const appConfig: ApplicationConfig = {
  providers: [
    providePhoenixSocket('/socket', () => {
      const session = inject(Session)
      return {
        params: () => ({ ...session.author() }),
        // Slow enough for the countdown to be seen; without this line it is faster, and jittered.
        reconnect: steppedBackoff([1_000, 2_000, 4_000], 6_000),
        pushTimeoutMs: 30_000, // a message may wait that long for the connection
        heartbeatIntervalMs: 15_000,
        pause: browserPause(),
        wake: browserWake(),
      }
    }),
    provideStore(),
    provideState(chatFeature),
    provideEffects(chatEffects),
  ],
}
