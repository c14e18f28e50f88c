import { DatePipe } from '@angular/common'
import {
  afterNextRender,
  afterRenderEffect,
  Component,
  computed,
  DestroyRef,
  type ElementRef,
  inject,
  viewChild,
} from '@angular/core'
import { Store } from '@ngrx/store'
import { LobbyStore } from '../people/lobby.store.ts'
import { Session } from '../session.ts'
import { Avatar } from '../ui/avatar.ts'
import { chatActions, chatFeature } from './chat.feature.ts'
import { type ShownPost } from './posts.ts'

const ONE_BREATH_MS = 5 * 60_000
const NEAR_PIXELS = 80

/** The posts of the room; those of one author within minutes of each other belong together. */
@Component({
  selector: 'ember-messages',
  imports: [Avatar, DatePipe],
  template: `
    <div class="scroll" #scroll role="log" aria-label="Messages" tabindex="0" (scroll)="noteWhetherAtEnd()">
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
                  @if (post.own) {
                    <span class="unseen">You</span>
                  } @else {
                    <b>{{ post.author.name }}</b>
                  }
                  <time>{{ post.atMs | date: 'HH:mm' }}</time>
                </p>
              }
              <p class="body">{{ post.body }}</p>
              @switch (post.delivery) {
                @case ('sent') {
                  @if (post.lastOwn) {
                    <p class="note sent">Sent</p>
                  }
                }
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
  readonly #room = this.#store.selectSignal(chatFeature.selectSelected)
  readonly #typing = inject(LobbyStore).typingHere
  protected readonly scroll = viewChild.required<ElementRef<HTMLElement>>('scroll')

  protected readonly posts = computed(() => {
    const isOwn = ({ author }: ShownPost): boolean => author.id === this.#self().id
    const shown = this.#shown()
    const lastOwn = shown.filter(isOwn).at(-1)
    return shown.map((post, index) => {
      const before = shown[index - 1]
      const first = before?.author.id !== post.author.id || post.atMs - before.atMs > ONE_BREATH_MS
      return { ...post, first, own: isOwn(post), lastOwn: post === lastOwn }
    })
  })
  protected readonly typing = computed(() => {
    const names = this.#typing()
      .filter(({ id }) => id !== this.#self().id)
      .map(({ name }) => name)
    if (names.length === 0) return ''
    return names.length === 1 ? `${names[0]} is typing` : `${names.length} people are typing`
  })

  /** Whoever has scrolled up reads on undisturbed. */
  #isAtEnd = true
  #shownRoom = ''

  constructor() {
    afterRenderEffect(() => {
      const isOwnNews = this.posts().at(-1)?.delivery === 'sending'
      if (this.#isAtEnd || isOwnNews || this.#room() !== this.#shownRoom) this.#goToEnd()
      this.#shownRoom = this.#room()
    })
    const destroyRef = inject(DestroyRef)
    afterNextRender(() => {
      // A keyboard that comes up makes the pane smaller, and a pane that was hidden had no place to be at.
      const observer = new ResizeObserver(() => {
        if (this.#isAtEnd) this.#goToEnd()
      })
      observer.observe(this.scroll().nativeElement)
      destroyRef.onDestroy(() => {
        observer.disconnect()
      })
    })
  }

  protected noteWhetherAtEnd(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroll().nativeElement
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_PIXELS
  }

  #goToEnd(): void {
    const { nativeElement } = this.scroll()
    nativeElement.scrollTop = nativeElement.scrollHeight
  }

  protected again({ id, author, body, atMs }: ShownPost): void {
    this.#store.dispatch(chatActions.sentAgain({ room: this.#room(), post: { id, author, body, atMs } }))
  }
}
