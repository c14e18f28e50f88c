import { make } from '../../../inspector/make.ts'
import { type ShownChannel } from '../told.ts'
import { ask } from './ask.ts'
import { jsonField } from './json-field.ts'

/** Pushes events by hand, and remembers them while the page is open. */
export interface PushPanel {
  readonly element: HTMLElement
  show(channels: readonly ShownChannel[]): void
}

/** How many pushes are remembered. */
const REMEMBERED = 50

export const pushPanel = (document: Document): PushPanel => {
  const topic = make(document, 'select', { required: '' })
  const event = make(document, 'input', {
    required: '',
    placeholder: 'new_msg',
    spellcheck: 'false',
    list: 'events',
  })
  const events = make(document, 'datalist', { id: 'events' })
  const payload = jsonField(document, 'payload', '{}', '5')
  const reply = make(document, 'input', { type: 'checkbox' })
  reply.checked = true
  const answer = make(document, 'pre', { role: 'status', 'aria-label': 'Answer', tabindex: '0' })
  const history = make(document, 'ol', { 'aria-label': 'History' })
  const names = new Set<string>()

  const remember = (outcome: string): void => {
    const pushed = { topic: topic.value, event: event.value, payload: payload.input.value }
    if (!names.has(pushed.event)) events.append(make(document, 'option', { value: pushed.event }))
    names.add(pushed.event)
    const again = make(
      document,
      'button',
      { type: 'button' },
      `${pushed.event} on ${pushed.topic}: ${outcome}`,
    )
    again.addEventListener('click', () => {
      topic.value = pushed.topic
      event.value = pushed.event
      payload.input.value = pushed.payload
      payload.input.focus()
    })
    history.prepend(make(document, 'li', {}, again))
    while (history.children.length > REMEMBERED) history.lastElementChild?.remove()
  }

  const push = async (): Promise<void> => {
    const value = payload.value()
    if (!value) return
    answer.textContent = '…'
    const made = await ask({
      do: 'push',
      topic: topic.value,
      event: event.value,
      payload: value.json,
      reply: reply.checked,
    })
    answer.textContent = made.ok ? JSON.stringify(made.response ?? null, null, 2) : made.error
    remember(made.ok ? 'ok' : made.error)
  }

  const form = make(
    document,
    'form',
    {},
    make(document, 'label', {}, 'topic', topic),
    make(document, 'label', {}, 'event', event),
    payload.element,
    make(document, 'label', { class: 'check' }, reply, 'wait for the reply'),
    make(document, 'button', {}, 'Push'),
    events,
  )
  form.addEventListener('submit', (submitted) => {
    submitted.preventDefault()
    void push()
  })
  payload.input.addEventListener('keydown', ({ key, ctrlKey, metaKey }) => {
    if (key === 'Enter' && (ctrlKey || metaKey)) form.requestSubmit()
  })

  return {
    element: make(document, 'section', {}, make(document, 'h2', {}, 'Push'), form, answer, history),
    show: (channels) => {
      const chosen = topic.value
      topic.replaceChildren(...channels.map(({ topic: name }) => make(document, 'option', {}, name)))
      if (channels.some(({ topic: name }) => name === chosen)) topic.value = chosen
    },
  }
}
