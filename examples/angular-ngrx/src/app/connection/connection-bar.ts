import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core'
import { toObservable, toSignal } from '@angular/core/rxjs-interop'
import { Store } from '@ngrx/store'
import { map, of, switchMap, takeWhile, timer } from 'rxjs'
import { connectionActions, connectionFeature } from './connection.feature.ts'

const texts = {
  idle: 'Not connected',
  connecting: 'Connecting …',
  open: 'Live',
  waiting: 'Offline',
  paused: 'Asleep while the page is hidden',
} as const

/** The state of the socket, and while it waits, how long until the next try. */
@Component({
  selector: 'ember-connection-bar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="bar" [attr.data-status]="view().status">
      <span class="dot"></span>
      <span class="text" role="status">{{ text() }}</span>
      @if (view().status === 'waiting') {
        <span class="detail">retry in {{ secondsLeft() }} s</span>
        <button type="button" (click)="retry()">Try now</button>
        <span class="progress" [style.animation-duration.ms]="waitMs()"></span>
      } @else if (view().latencyMs !== undefined) {
        <span class="detail">{{ view().latencyMs }} ms</span>
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
      background: var(--bad);
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
  readonly #store = inject(Store)
  protected readonly view = this.#store.selectSignal(connectionFeature.selectConnectionState)
  protected readonly text = computed(() => texts[this.view().status])
  protected readonly waitMs = computed(() => Math.max(0, (this.view().retryAtMs ?? 0) - Date.now()))

  protected readonly secondsLeft = toSignal(
    toObservable(this.view).pipe(
      switchMap(({ retryAtMs }) =>
        retryAtMs === undefined
          ? of(0)
          : timer(0, 200).pipe(
              map(() => Math.max(0, Math.ceil((retryAtMs - Date.now()) / 1_000))),
              takeWhile((seconds) => seconds > 0, true),
            ),
      ),
    ),
    { initialValue: 0 },
  )

  protected retry(): void {
    this.#store.dispatch(connectionActions.retryAsked())
  }
}
