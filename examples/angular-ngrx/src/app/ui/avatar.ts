import { Component, computed, input } from '@angular/core'

/** Initials on a colour of one's own. */
@Component({
  selector: 'ember-avatar',
  template: `{{ initials() }}`,
  host: { 'aria-hidden': 'true', '[style.--hue]': 'hue()' },
  styles: `
    :host {
      display: grid;
      place-items: center;
      flex: none;
      width: 36px;
      height: 36px;
      border-radius: 12px;
      font-size: 13px;
      font-weight: 700;
      letter-spacing: 0.02em;
      background: light-dark(oklch(0.91 0.06 var(--hue)), oklch(0.38 0.07 var(--hue)));
      color: light-dark(oklch(0.4 0.11 var(--hue)), oklch(0.92 0.06 var(--hue)));
    }
  `,
})
export class Avatar {
  readonly name = input.required<string>()
  protected readonly initials = computed(() =>
    this.name()
      .split(/\s+/)
      .slice(0, 2)
      .map((part) => ([...part][0] ?? '').toUpperCase())
      .join(''),
  )
  protected readonly hue = computed(() =>
    [...this.name()].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 40),
  )
}
