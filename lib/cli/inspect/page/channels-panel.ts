import { make } from '../../../inspector/make.ts'
import { type ShownChannel } from '../told.ts'
import { ask } from './ask.ts'
import { jsonField } from './json-field.ts'

/** Joins and leaves topics, and shows the channels: state, presence, live state. */
export interface ChannelsPanel {
  readonly element: HTMLElement
  show(channels: readonly ShownChannel[]): void
  lost(isLost: boolean): void
}

export const channelsPanel = (document: Document): ChannelsPanel => {
  const topic = make(document, 'input', { required: '', placeholder: 'room:lobby', spellcheck: 'false' })
  const params = jsonField(document, 'params', '{}', '2')
  const status = make(document, 'p', { role: 'status' })
  const list = make(document, 'div')
  const open = new Set<string>()

  const join = async (name: string, json: unknown): Promise<void> => {
    const answer = await ask({ do: 'join', topic: name, params: json as Readonly<Record<string, unknown>> })
    status.textContent = answer.ok ? '' : answer.error
  }
  const form = make(
    document,
    'form',
    {},
    make(document, 'label', {}, 'topic', topic),
    params.element,
    make(document, 'button', {}, 'Join'),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const value = params.value()
    if (value) void join(topic.value, value.json)
  })

  const row = ({ topic: name, status: state, present, state: live }: ShownChannel): HTMLElement => {
    const leave = make(document, 'button', { type: 'button', 'aria-label': `Leave ${name}` }, 'Leave')
    leave.addEventListener('click', () => {
      void ask({ do: 'leave', topic: name })
    })
    const count = present && Object.keys(present).length
    const element = make(
      document,
      'details',
      open.has(name) ? { open: '' } : {},
      make(document, 'summary', {}, `${name}: ${state}${count === undefined ? '' : `, ${count} present`}`),
      ...(present ? shownAs('presence', present) : []),
      ...(live === undefined ? [] : shownAs('live state', live)),
    )
    element.addEventListener('toggle', () => {
      if (element.open) open.add(name)
      else open.delete(name)
    })
    return make(document, 'div', { class: 'row' }, element, leave)
  }
  const shownAs = (name: string, value: unknown): readonly HTMLElement[] => [
    make(document, 'h3', {}, name),
    make(document, 'pre', { tabindex: '0', 'aria-label': name }, JSON.stringify(value, null, 2)),
  ]

  return {
    element: make(document, 'section', {}, make(document, 'h2', {}, 'Channels'), list, form, status),
    show: (channels) => {
      const focused = list.contains(document.activeElement) ? document.activeElement?.ariaLabel : undefined
      list.replaceChildren(...channels.map(row))
      // Drawn again, also while somebody uses the keyboard.
      for (const each of list.querySelectorAll<HTMLElement>('[aria-label]'))
        if (each.ariaLabel === focused) each.focus()
    },
    lost: (isLost) => {
      status.textContent = isLost ? 'rx-phoenix inspect is not running any more.' : ''
    },
  }
}
