import { make } from './make.ts'

/**
 * Puts a marble test into the clipboard, and shows it beside the timeline, from where it can be copied by hand: browsers
 * give no clipboard to pages without TLS. Resolves with what has happened, for people.
 */
export const copiedTest = async (
  side: HTMLElement,
  { clipboard }: { readonly clipboard: Clipboard | undefined },
  test: string | undefined,
): Promise<string> => {
  const { ownerDocument: document } = side
  if (test === undefined) {
    const text = 'There is no channel to make a marble test of. Select a stretch of its lane.'
    side.replaceChildren(make(document, 'p', {}, text))
    return text
  }
  const copied = await clipboard?.writeText(test).then(
    () => true,
    () => false,
  )
  const text = copied
    ? 'The marble test was copied.'
    : 'The clipboard is not available here. Copy the marble test from below.'
  const shown = make(document, 'textarea', { readonly: '', 'aria-label': 'Marble test', spellcheck: 'false' })
  shown.value = test
  side.replaceChildren(make(document, 'p', {}, text), shown)
  if (!copied) {
    shown.focus()
    shown.select()
  }
  return text
}
