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
import { type Post } from '../../../shared/contract.ts'
import { chatFeature } from './chat.feature.ts'
import { type Delivery, OutgoingStore, type OutgoingPost } from './outgoing.store.ts'

const ONE_BREATH_MS = 5 * 60_000
const NEAR_PIXELS = 80

interface ShownPost extends Post {
  readonly delivery: Delivery | 'sent'
  readonly reason?: string
}

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
                @case ('queued') {
                  <p class="note">Kept here until it can be sent</p>
                }
                @case ('retrying') {
                  <p class="note">Sending again …</p>
                }
                @case ('refused') {
                  <p class="note refused">
                    Not sent: {{ post.reason }}.
                    <button type="button" (click)="outgoing.sendAgain(post.id)">Send again</button>
                    <button type="button" (click)="outgoing.discard(post.id)">Discard</button>
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
  protected readonly outgoing = inject(OutgoingStore)
  protected readonly scroll = viewChild.required<ElementRef<HTMLElement>>('scroll')

  protected readonly posts = computed(() => {
    const isOwn = ({ author }: ShownPost): boolean => author.id === this.#self().id
    const posted = this.#shown().map((post): ShownPost => ({ ...post, delivery: 'sent' }))
    const shown = [...posted, ...this.#waiting(posted)]
    const lastOwn = posted.filter(isOwn).at(-1)
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

  /** If not, somebody has scrolled up to read, and the list stays where it is. */
  #isAtEnd = true
  #shownRoom = ''
  #lastId: string | undefined

  constructor() {
    afterRenderEffect(() => {
      const last = this.posts().at(-1)
      const isOwnNews = last?.own && last.id !== this.#lastId
      if (this.#isAtEnd || isOwnNews || this.#room() !== this.#shownRoom) this.#goToEnd()
      this.#shownRoom = this.#room()
      this.#lastId = last?.id
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

  /** What is on its way to this room; while no room is known, after a reload offline, to any. */
  #waiting(posted: readonly Post[]): readonly ShownPost[] {
    const room = this.#room()
    const isHere = (post: OutgoingPost): boolean =>
      (room === '' || post.room === room) && !posted.some(({ id }) => id === post.id)
    return this.outgoing
      .posts()
      .filter(isHere)
      .map((post) => ({ ...post, author: this.#self() }))
  }
}
