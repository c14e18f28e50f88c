/* The service worker: the page opens without the server, too, with what was kept the last time. */
addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))

addEventListener('fetch', (event) => {
  if (event.request.method === 'GET') event.respondWith(answer(event.request))
})

const answer = async (request) => {
  const kept = await caches.open('ember')
  try {
    const response = await fetch(request)
    if (response.ok) await kept.put(request, response.clone())
    return response
  } catch (error) {
    const response = await kept.match(request)
    if (response) return response
    throw error
  }
}
