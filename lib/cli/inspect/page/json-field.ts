import { make } from '../../../inspector/make.ts'

/** A field for JSON, which shows while you type what is wrong with it. */
export interface JsonField {
  readonly element: HTMLElement
  readonly input: HTMLTextAreaElement
  /** The value, or undefined if the text is not JSON. */
  value(): { readonly json: unknown } | undefined
}

let fields = 0

export const jsonField = (document: Document, label: string, initial: string, rows: string): JsonField => {
  const id = `json-${(fields += 1)}`
  const input = make(document, 'textarea', { rows, spellcheck: 'false', 'aria-describedby': id })
  input.value = initial
  const problem = make(document, 'span', { id, class: 'problem' })
  const value = (): { readonly json: unknown } | undefined => {
    try {
      return { json: JSON.parse(input.value.trim() === '' ? '{}' : input.value) as unknown }
    } catch (error) {
      problem.textContent = (error as Error).message
      return undefined
    }
  }
  input.addEventListener('input', () => {
    problem.textContent = ''
    input.setAttribute('aria-invalid', String(!value()))
  })
  return { element: make(document, 'label', {}, label, input, problem), input, value }
}
