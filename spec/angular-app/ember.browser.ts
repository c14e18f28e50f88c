import { startChromium } from '../browser/support/chromium.ts'
import { running } from '../support/running.ts'
import { type EmberServer, startEmber } from './support/ember-server.ts'
import { visit, type Visitor } from './support/visitor.ts'

const MESSAGE = 'input[name=message]'
const OWN = 'ember-messages li.own'

/** Whether the service worker has all that the page has loaded. */
const IS_KEPT = `caches.open('ember').then(async (kept) => {
  const paths = (await kept.keys()).map(({ url }) => new URL(url).pathname)
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)
  return ['/', ...loaded].every((path) => paths.includes(path))
})`

describe('the application of Angular and NgRx, in two browsers', () => {
  const annsBrowser = running(startChromium)
  const bobsBrowser = running(startChromium)
  const started = {
    ann: running(() => visit(annsBrowser()), 'each'),
    bob: running(() => visit(bobsBrowser()), 'each'),
    server: running(startEmber, 'each'),
  }
  let server: EmberServer
  let ann: Visitor
  let bob: Visitor

  beforeEach(async () => {
    ;[server, ann, bob] = [started.server(), started.ann(), started.bob()]
    await Promise.all([ann.open(server.url), bob.open(server.url)])
  })

  const comeIn = async (): Promise<void> => {
    await Promise.all([ann.signIn('Ann Ember'), bob.signIn('Bob')])
    await ann.sees('ember-people-list li', 'Bob')
    await bob.sees('ember-people-list li', 'Ann Ember')
  }
  const sent = (text: string): [string, string] => ['ember-messages li[data-delivery=sent]', text]

  it('talks, shows who is there, and who types', async () => {
    await ann.picture('sign-in-desktop', 'desktop')
    await bob.picture('sign-in-phone', 'phone', 'dark')
    // Without it a phone would show the page of a desktop, made small.
    expect(await bob.run(`document.querySelector('meta[name=viewport]').content`)).toContain(
      'width=device-width',
    )
    await comeIn()

    await ann.enter(MESSAGE, 'Good evening! Does anybody know how a rejoin works?')
    await bob.sees(...sent('how a rejoin works'))
    await bob.enter(MESSAGE, 'It joins again by itself, and nothing of the old session is heard.')
    await ann.sees(...sent('joins again by itself'))
    await ann.enter(MESSAGE, 'And my messages?')
    await ann.enter(MESSAGE, 'Do they get lost when the server goes away?')
    await bob.sees(...sent('Do they get lost'))
    await bob.enter(MESSAGE, 'Each one is sent, or says that it was not.')
    await ann.sees(...sent('says that it was not'))
    expect(await ann.texts('ember-messages li.own .body')).toEqual([
      'Good evening! Does anybody know how a rejoin works?',
      'And my messages?',
      'Do they get lost when the server goes away?',
    ])

    await bob.type(MESSAGE, 'Kill')
    await ann.sees('ember-messages .typing', 'Bob is typing')
    await ann.sees('ember-people-list li', 'typing')
    await ann.picture('chat-desktop-light', 'desktop')
    await ann.picture('chat-desktop-dark', 'desktop', 'dark')
    await ann.picture('chat-phone-light', 'phone')
    await bob.picture('chat-phone-dark', 'phone', 'dark')
    await bob.enter(MESSAGE, ' it and see')
    await ann.sees(...sent('Kill it and see'))
    await ann.until(`document.querySelector('.typing').innerText === ''`)

    // What is written in another room is counted until it is read.
    await bob.click('ember-room-list li:nth-child(2) button')
    await ann.sees('ember-people-list li', 'in Workshop')
    await bob.enter(MESSAGE, 'Over here')
    await ann.sees('ember-room-list .unread', '1')
    await ann.click('ember-room-list li:nth-child(2) button')
    await ann.sees(...sent('Over here'))
    expect(await ann.texts('ember-room-list .unread')).toEqual([])

    await bob.run(`void location.assign('about:blank')`)
    await ann.until(`document.querySelectorAll('ember-people-list li').length === 1`)
  })

  it('shows a message at once, and marks it when the server has it', async () => {
    await comeIn()
    // Before the channel of the posts has joined, a message waits and is not on its way.
    await ann.enter(MESSAGE, 'Hello?')
    await bob.sees(...sent('Hello?'))
    server.suspend()
    await ann.enter(MESSAGE, 'Is this thing on?')
    await ann.sees(`${OWN}[data-delivery=sending]`, 'Is this thing on?')
    expect(await bob.texts('ember-messages .body')).toEqual(['Hello?'])
    server.resume()
    await ann.sees(`${OWN}[data-delivery=sent]`, 'Is this thing on?')
    await bob.sees(...sent('Is this thing on?'))
    await ann.sees(`${OWN} .note`, 'Sent')
  })

  it('holds long names and words, and says what is empty', async () => {
    const longName = 'Wilhelmina-Wolfeschlegel'
    await Promise.all([ann.signIn(longName), bob.signIn('𝔹ob Fox')])
    await ann.sees('ember-people-list li', 'Fox')
    await ann.sees('ember-messages .empty', 'Nothing here yet')
    await ann.picture('empty-desktop', 'desktop')
    await ann.picture('empty-phone-dark', 'phone', 'dark')

    await ann.enter(MESSAGE, `An address: https://example.com/${'a-very-long-path/'.repeat(9)}`)
    await ann.enter('input[name=todo]', `Read ${'Donaudampfschifffahrtsgesellschaft'.repeat(3)}`)
    await bob.sees(...sent('An address'))
    await bob.sees('ember-todo-list li:not(.pending)', 'Donau')
    await bob.enter(MESSAGE, 'Short.')
    await ann.sees(...sent('Short.'))
    for (const size of ['desktop', 'phone'] as const) await bob.picture(`long-${size}`, size)
    expect(await bob.texts('ember-avatar')).toContain('𝔹F')
    expect(
      await bob.run<string[]>(
        `[...document.querySelectorAll('.people, .todos, .scroll')]
           .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.className)`,
      ),
    ).toEqual([])

    for (const text of ['Push something', 'Kill the server, and see what happens', 'Read Donau'])
      await bob.click(`ember-todo-list li[data-text^="${text}"]:not(.done) input`)
    await bob.sees('.count', '4 of 4 done')
    await bob.click('ember-todo-list .clear')
    await ann.sees('ember-todo-list', 'Nothing to do')
  })

  it('shows what is new, and leaves alone whoever reads what is old', async () => {
    const top = `document.querySelector('.scroll').scrollTop`
    const fromEnd = `(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)(document.querySelector('.scroll'))`
    await comeIn()
    for (let n = 1; n <= 16; n += 1) await ann.enter(MESSAGE, `Line ${n}`)
    await bob.sees(...sent('Line 16'))
    await bob.until(`${fromEnd} < 2`)
    await bob.run(`void (document.querySelector('.scroll').scrollTop = 0)`)
    await bob.run('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    await ann.enter(MESSAGE, 'You are reading, I see')
    await bob.sees(...sent('I see'))
    expect(await bob.run<number>(top)).toBe(0)
    await bob.enter(MESSAGE, 'I was')
    await bob.sees(...sent('I was'))
    expect(await bob.run<number>(fromEnd)).toBeLessThan(2)
  })

  it('marks what is refused, and goes on sending', async () => {
    const delivered = `${OWN}[data-delivery=sent]`
    const texts = (): Promise<readonly string[]> => ann.texts(`${OWN}[data-delivery=sent] .body`)
    await comeIn()
    await ann.enter(MESSAGE, 'Hello')
    await ann.sees(delivered, 'Hello')
    await ann.enter(MESSAGE, 'Hello')
    await ann.sees(`${OWN}[data-delivery=refused]`, 'you have just said that')
    await ann.picture('refused-desktop', 'desktop')

    // An effect that had died at the refusal would send no more.
    await ann.enter(MESSAGE, 'Is anybody here?')
    await ann.sees(delivered, 'Is anybody here?')
    await ann.click(`${OWN} .refused button`)
    await bob.until(`document.querySelectorAll('ember-messages li').length === 3`)
    await ann.until(`document.querySelectorAll('${delivered}').length === 3`)
    expect(await texts()).toEqual(['Hello', 'Is anybody here?', 'Hello'])
  })

  it('outlives the server: says so, counts down, and sends again what was on its way, which arrives once', async () => {
    await comeIn()
    await ann.enter(MESSAGE, 'Before the storm')
    await bob.sees(...sent('Before the storm'))

    server.suspend()
    await ann.enter(MESSAGE, 'On its way')
    await ann.sees(`${OWN}[data-delivery=sending]`, 'On its way')
    await server.kill()
    await ann.sees('.bar[data-status=waiting]', 'Offline')
    await ann.sees(`${OWN}[data-delivery=retrying]`, 'On its way')
    await ann.enter(MESSAGE, 'Written in the dark')
    await ann.sees(`${OWN}[data-delivery=queued]`, 'Written in the dark')
    await ann.until(`document.querySelector('.bar')?.innerText.includes('in 2 s')`)
    await ann.picture('waiting-desktop', 'desktop')
    await bob.picture('waiting-phone-dark', 'phone', 'dark')
    await ann.until(`document.querySelector('.bar')?.innerText.includes('in 1 s')`)

    await server.restart()
    await ann.click('.bar button')
    await Promise.all([ann.sees('.bar[data-status=open]'), bob.sees('.bar[data-status=open]')])
    await bob.sees(...sent('Written in the dark'))
    for (const visitor of [ann, bob])
      expect(await visitor.texts('ember-messages li[data-delivery=sent] .body')).toEqual([
        'Before the storm',
        'On its way',
        'Written in the dark',
      ])
    expect(await ann.texts('ember-people-list .name')).toEqual(['Ann Ember you', 'Bob'])
  })

  it('keeps what is written offline through a reload, and sends it once', async () => {
    const queued = `${OWN}[data-delivery=queued]`
    await comeIn()
    await ann.enter(MESSAGE, 'Into the tunnel')
    await bob.sees(...sent('Into the tunnel'))
    await ann.until(IS_KEPT)

    await server.kill()
    await ann.sees('.bar[data-status=waiting]', 'Offline')
    await ann.enter(MESSAGE, 'From the tunnel')
    await ann.enter(MESSAGE, 'Still in it')
    await ann.sees(queued, 'Still in it')
    await ann.reload()
    await ann.sees('.bar[data-status=waiting]', 'Offline')
    await ann.sees(queued, 'Still in it')
    expect(await ann.texts(`${queued} .body`)).toEqual(['From the tunnel', 'Still in it'])
    await ann.picture('reloaded-offline-desktop', 'desktop')
    await ann.picture('reloaded-offline-phone-dark', 'phone', 'dark')

    await server.restart()
    await bob.sees(...sent('Still in it'))
    await ann.sees(...sent('Still in it'))
    for (const visitor of [ann, bob])
      expect(await visitor.texts('ember-messages .body')).toEqual([
        'Into the tunnel',
        'From the tunnel',
        'Still in it',
      ])
    await ann.reload()
    await ann.sees(...sent('Still in it'))
    expect(await ann.texts('ember-messages .body')).toHaveLength(3)
  })

  it('lets one go offline, who has everything when they are back', async () => {
    await comeIn()
    // What DevTools emulate refuses new connections and leaves open ones alone, so the server ends them.
    await ann.goOffline(true)
    await server.kill()
    await server.restart()
    await bob.sees('.bar[data-status=open]')
    await ann.until(`document.querySelector('.bar')?.innerText.includes('in 4 s')`)
    await bob.until(`document.querySelectorAll('ember-people-list li').length === 1`)
    await bob.enter(MESSAGE, 'Where is Ann?')
    await bob.sees(...sent('Where is Ann?'))

    await ann.goOffline(false)
    await ann.sees(...sent('Where is Ann?'))
    await bob.sees('ember-people-list li', 'Ann Ember')
    expect(await ann.texts('ember-people-list .name')).toEqual(['Ann Ember you', 'Bob'])
  })

  it('shows a change of the list at once, and takes it back if the server never had it', async () => {
    const first = 'ember-todo-list li[data-text="Push something"]'
    await comeIn()
    await ann.sees(first)

    server.suspend()
    await ann.click(`${first} input`)
    await ann.enter('input[name=todo]', 'Water the plants')
    await ann.sees(`${first}.done.pending`)
    await ann.sees('ember-todo-list li.pending', 'Water the plants')
    server.resume()
    await ann.sees(`${first}.done:not(.pending)`)
    await bob.sees(`${first}.done`)
    await bob.sees('ember-todo-list li:not(.pending)', 'Water the plants')
    await ann.resize('phone')
    await ann.click('.tabs button:nth-child(3)')
    await ann.picture('todos-phone', 'phone')

    const plants = 'ember-todo-list li[data-text="Water the plants"]'
    server.suspend()
    await ann.click(`${plants} input`)
    await ann.sees(`${plants}.done.pending`)
    await server.kill()
    await ann.sees('ember-todo-list', 'As it was when the connection was lost')
    await server.restart()
    await ann.sees(`${plants}:not(.done):not(.pending)`)
    expect(await ann.texts(`${first}.done`)).toHaveLength(1)
  })
})
