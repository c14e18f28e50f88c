/**
 * Registers the service worker (public/offline.js), and fetches again what the page has loaded without it, so that it is
 * kept. A larger application lets `ng add @angular/pwa` write this.
 */
export const keepForOffline = async (): Promise<void> => {
  const { serviceWorker } = navigator as { readonly serviceWorker?: ServiceWorkerContainer } // undefined without HTTPS
  if (!serviceWorker || serviceWorker.controller) return
  const inCharge = new Promise((resolve) => {
    serviceWorker.addEventListener('controllerchange', resolve, { once: true })
  })
  await serviceWorker.register('offline.js')
  await inCharge
  const known = new Set<string>()
  const keep = (url: string): void => {
    if (known.has(url) || !url.startsWith(location.origin)) return
    known.add(url)
    void fetch(url)
  }
  keep(location.href)
  // Also what is still loading, which comes later.
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) keep(name)
  }).observe({ type: 'resource', buffered: true })
}
