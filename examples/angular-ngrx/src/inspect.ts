import { type Injector } from '@angular/core'
import { PHOENIX_SOCKET } from 'rx-phoenix/angular'
import { type Subscription } from 'rxjs'

/** A button, for development, that shows the socket as live marble diagrams. Their code is loaded when it is pressed. */
export const addInspectButton = (injector: Injector): void => {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'inspect'
  button.textContent = 'Inspect'
  let shown: Subscription | undefined
  button.addEventListener('click', () => {
    void import('rx-phoenix/inspector').then(({ inspector }) => {
      if (shown) shown.unsubscribe()
      shown = shown ? undefined : inspector(injector.get(PHOENIX_SOCKET), document.body)
      button.setAttribute('aria-pressed', String(shown !== undefined))
    })
  })
  document.body.append(button)
}
