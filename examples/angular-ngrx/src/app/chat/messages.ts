import { DatePipe } from '@angular/common'
import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  viewChild,
} from '@angular/core'
import { Store } from '@ngrx/store'
import { peopleFeature } from '../people/people.feature.ts'
import { Session } from '../session.ts'
import { Avatar } from '../ui/avatar.ts'
import { chatActions, chatFeature } from './chat.feature.ts'
import { type ShownPost } from './posts.ts'

const ONE_BREATH_MS = 5 * 60_000

/** The posts of the room; those of one author within minutes of each other belong together. */
@Component({
  selector: 'ember-messages',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Avatar, DatePipe],
  template: `
    <div class="scroll" #scroll>
      <ol>
        @for (post of posts(); track post.id) {
          <li [class.own]="post.own" [class.first]="post.first" [attr.data-delivery]="post.delivery">
            @if (!post.own) {
              @if (post.first) {
                <ember-avatar [name]="post.author.name" />
              } @else {
                <span class="gutter"></span>
              }
            }
            <div class="post">
              @if (post.first) {
                <p class="by">
                  @if (!post.own) {
                    <b>{{ post.author.name }}</b>
                  }
                  <time>{{ post.atMs | date: 'HH:mm' }}</time>
                </p>
              }
              <p class="body">{{ post.body }}</p>
              @switch (post.delivery) {
                @case ('sending') {
                  <p class="note">Sending …</p>
                }
                @case ('retrying') {
                  <p class="note">{{ post.reason }}, sending it again …</p>
                }
                @case ('failed') {
                  <p class="note failed">
                    Not sent: {{ post.reason }}.
                    <button type="button" (click)="again(post)">Send again</button>
                  </p>
                }
              }
            </div>
          </li>
        } @empty {
          <li class="empty">
            <img src="flame.svg" alt="" width="40" height="40" />
            <p>Nothing here yet. Say something warm.</p>
          </li>
        }
      </ol>
    </div>
    <p class="typing" aria-live="polite">
      @if (typing(); as text) {
        <span class="dots"><i></i><i></i><i></i></span>{{ text }}
      }
    </p>
  `,
  styleUrl: './messages.css',
})
export class Messages {
  readonly #store = inject(Store)
  readonly #self = inject(Session).author
  readonly #shown = this.#store.selectSignal(chatFeature.selectShownPosts)
  readonly #typing = this.#store.selectSignal(peopleFeature.selectTypingHere)
  protected readonly scroll = viewChild.required<ElementRef<HTMLElement>>('scroll')

  protected readonly posts = computed(() =>
    this.#shown().map((post, index, all) => {
      const before = all[index - 1]
      const first = before?.author.id !== post.author.id || post.atMs - before.atMs > ONE_BREATH_MS
      return { ...post, first, own: post.author.id === this.#self().id }
    }),
  )
  protected readonly typing = computed(() => {
    const names = this.#typing()
      .filter(({ id }) => id !== this.#self().id)
      .map(({ name }) => name)
    if (names.length === 0) return ''
    return names.length === 1 ? `${names[0]} is typing` : `${names.length} people are typing`
  })

  constructor() {
    // What is new is at the end.
    afterRenderEffect(() => {
      this.posts()
      const { nativeElement } = this.scroll()
      nativeElement.scrollTop = nativeElement.scrollHeight
    })
  }

  protected again({ id, author, body, atMs }: ShownPost): void {
    const room = this.#store.selectSignal(chatFeature.selectSelected)()
    this.#store.dispatch(chatActions.sentAgain({ room, post: { id, author, body, atMs } }))
  }
}
