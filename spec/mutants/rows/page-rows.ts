import { type RowMutant } from '../row-mutant.ts'

export const pageRows: readonly RowMutant[] = [
  {
    name: 'wakes a page that is hidden',
    file: 'lib/page/browser-wake.ts',
    find: "document.visibilityState === 'visible'",
    replace: "document.visibilityState !== ''",
    proves: [
      'marble-tests/page/browser-wake.marbles.ts › emits when the page is visible, resumed, shown or focused, and when the network is back',
    ],
  },
  {
    name: 'needs a window with events',
    file: 'lib/page/browser-page.ts',
    find: "typeof page?.window?.addEventListener === 'function' &&",
    replace: "typeof page?.window === 'object' &&",
    proves: [
      'marble-tests/page/browser-wake.marbles.ts › never emits where there is a window without events, as on some platforms of apps',
    ],
  },
  {
    name: 'stays connected in a tab that is hidden for long',
    file: 'lib/page/browser-pause.ts',
    find: 'timer(hiddenForMs, scheduler).pipe(map(isHidden))',
    replace: 'timer(hiddenForMs, scheduler).pipe(map(() => false))',
    proves: [
      'marble-tests/page/browser-pause.marbles.ts › closes the connection of a tab that stays hidden, and connects when it is visible',
    ],
  },
  {
    name: 'does not pause when the page goes',
    file: 'lib/page/browser-pause.ts',
    find: 'const gone$ = merge(of(true), visibility$)',
    replace: 'const gone$ = merge(of(false), visibility$)',
    proves: [
      'marble-tests/page/browser-pause.marbles.ts › closes when the page goes into the cache, and joins again when it comes back, once',
    ],
  },
]
