import { NgComponentOutlet } from '@angular/common'
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  EnvironmentInjector,
  inject,
} from '@angular/core'
import { PhoenixTestingController } from 'rx-phoenix/angular'
import { scenes, stage } from './scenes.ts'

/** Each part of the application in each of its states, for eyes and for checks of accessibility. */
@Component({
  selector: 'ember-app',
  imports: [NgComponentOutlet],
  template: `
    <main>
      <h1>All states of Ember</h1>
      @for (scene of scenes; track scene.name) {
        <section [attr.aria-label]="scene.name">
          <h2>{{ scene.name }}</h2>
          <ng-container *ngComponentOutlet="scene.part; injector: scene.injector" />
        </section>
      }
    </main>
  `,
  styles: `
    main {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(320px, 1fr));
      gap: 20px;
      padding: 24px;
    }
    h1 {
      grid-column: 1 / -1;
      font-size: 24px;
    }
    section {
      display: flex;
      flex-direction: column;
      gap: 16px;
      min-width: 0;
      padding: 20px;
      border-radius: var(--radius);
      background: var(--surface);
      box-shadow: var(--shadow);
    }
    h2 {
      color: var(--muted);
      font-size: 13px;
      font-weight: 600;
    }
  `,
})
export class States {
  readonly #parent = inject(EnvironmentInjector)
  protected readonly scenes = scenes.map((scene) => ({ ...scene, injector: stage(scene, this.#parent) }))

  constructor() {
    // Once all have joined, as topics that are functions of signals do when Angular runs effects.
    afterNextRender(() => {
      for (const { act, injector } of this.scenes) act?.(injector.get(PhoenixTestingController), injector)
    })
  }
}
