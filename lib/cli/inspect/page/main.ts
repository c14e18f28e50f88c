import { defineInspector, type InspectorElement } from '../../../inspector/index.ts'
import { make } from '../../../inspector/make.ts'
import { channelsPanel } from './channels-panel.ts'
import { listenTo } from './listen-to.ts'
import { pushPanel } from './push-panel.ts'
import { STYLES } from './styles.ts'

/* The page of `rx-phoenix inspect`: the inspector with the session that stands in the page, or live, with what is done by hand. */

const sheet = new CSSStyleSheet()
sheet.replaceSync(STYLES)
document.adoptedStyleSheets = [sheet]

const element = document.createElement(defineInspector()) as InspectorElement
const main = make(document, 'main', {}, make(document, 'h1', {}, document.title))
document.body.append(main)

const session = document.querySelector('#session')?.textContent
if (session) {
  main.append(element)
  element.load(JSON.parse(session) as string)
} else {
  const channels = channelsPanel(document)
  const push = pushPanel(document)
  main.append(make(document, 'div', { class: 'panels' }, channels.element, push.element), element)
  element.clock = () => Date.now()
  listenTo({
    reset: () => {
      element.clear()
    },
    event: (event) => {
      element.add(event)
    },
    channels: (shown) => {
      channels.show(shown)
      push.show(shown)
    },
    lost: (isLost) => {
      document.body.classList.toggle('lost', isLost)
      channels.lost(isLost)
    },
  })
}
