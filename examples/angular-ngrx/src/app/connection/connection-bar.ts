import { Component, computed } from '@angular/core'
import { toObservable, toSignal } from '@angular/core/rxjs-interop'
import { injectConnection, injectPhoenixSocket } from 'rx-phoenix/angular'
import { catchError, EMPTY, map, of, startWith, switchMap, timer } from 'rxjs'

const texts = {
  idle: 'Not connected',
  connecting: 'Connecting …',
  open: 'Live',
  waiting: 'Offline',
  paused: 'Asleep while the page is hidden',
  failed: 'The server refuses to talk',
} as const

/** The state of the socket, and while it waits, how long until the next try. */
@Component({
  selector: 'ember-connection-bar',
  template: `
    <div class="bar" [attr.data-status]="connection().status">
      <span class="dot"></span>
      <span class="text" role="status">{{ text() }}</span>
      <span class="detail">{{ detail() }}</span>
      @if (connection(); as state) {
        @if (state.status === 'waiting') {
          <button type="button" (click)="connection.reconnect()">Try now</button>
          <span class="progress" [style.animation-duration.ms]="state.retryInMs"></span>
        } @else if (state.status === 'failed') {
          <button type="button" (click)="connection.reconnect()">Try again</button>
        }
      }
    </div>
  `,
  styles: `
    :host {
      flex: none;
    }
    .bar {
      position: relative;
      display: flex;
      align-items: center;
      gap: 8px;
      height: 36px;
      padding: 0 14px;
      border-radius: 999px;
      overflow: hidden;
      background: var(--sunken);
      color: var(--muted);
      font-size: 13px;
      white-space: nowrap;
      transition:
        background 200ms,
        color 200ms;
    }
    .dot {
      width: 8px;
      height: 8px;
      border-radius: 50%;
      background: currentColor;
      flex: none;
    }
    .text {
      font-weight: 600;
      color: var(--text);
    }
    .detail {
      font-variant-numeric: tabular-nums;
    }
    [data-status='open'] .dot {
      background: var(--good);
      box-shadow: 0 0 0 3px color-mix(in srgb, var(--good) 22%, transparent);
    }
    [data-status='connecting'] .dot {
      background: var(--warn);
      animation: pulse 900ms infinite alternate;
    }
    [data-status='waiting'] {
      background: var(--bad-soft);
      color: var(--bad-text);
      padding-right: 4px;
    }
    [data-status='waiting'] .text {
      color: var(--bad-text);
    }
    [data-status='waiting'] .dot {
      background: var(--bad);
    }
    button {
      height: 28px;
      padding: 0 12px;
      border: 0;
      border-radius: 999px;
      background: #c73535;
      color: #fff;
      font: inherit;
      font-weight: 600;
      cursor: pointer;
    }
    .progress {
      position: absolute;
      inset: 0;
      background: color-mix(in srgb, var(--bad) 14%, transparent);
      pointer-events: none;
      transform-origin: left;
      animation: fill linear both;
    }
    @keyframes fill {
      from {
        transform: scaleX(0);
      }
    }
    @keyframes pulse {
      to {
        opacity: 0.35;
      }
    }
  `,
})
export class ConnectionBar {
  readonly #socket = injectPhoenixSocket()
  protected readonly connection = injectConnection()
  protected readonly text = computed(() => texts[this.connection().status])

  /** While waiting, how long; while open, the round trip of a heartbeat. */
  protected readonly detail = toSignal(
    toObservable(this.connection).pipe(
      switchMap((state) => {
        if (state.status === 'waiting') {
          const seconds = Math.ceil(state.retryInMs / 1_000)
          return timer(0, 1_000).pipe(map((passed) => `retry in ${Math.max(0, seconds - passed)} s`))
        }
        if (state.status !== 'open') return of('')
        return this.#socket.ping().pipe(
          map((ms) => `${ms} ms`),
          catchError(() => EMPTY),
          startWith(''),
        )
      }),
    ),
    { initialValue: '' },
  )
}
