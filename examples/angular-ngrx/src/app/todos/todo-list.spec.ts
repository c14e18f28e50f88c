import { TestBed } from '@angular/core/testing'
import { PhoenixTestingController, providePhoenixTesting } from 'rx-phoenix/angular'
import { Session } from '../session.ts'
import { TodoListView } from './todo-list.ts'

const push = { id: 'push', text: 'Push something', done: false, by: 'Bob' }

const setup = () => {
  TestBed.configureTestingModule({ providers: [providePhoenixTesting({ reconnect: () => 1_000 })] })
  const server = TestBed.inject(PhoenixTestingController)
  TestBed.inject(Session).signIn('Ann')
  const fixture = TestBed.createComponent(TodoListView)
  const element = fixture.nativeElement as HTMLElement
  TestBed.tick()
  const find = (selector: string): HTMLElement | null => {
    TestBed.tick()
    return element.querySelector(selector)
  }
  return { server, list: server.topic('todos'), find }
}

describe('the list of todos', () => {
  beforeEach(() => {
    sessionStorage.clear()
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('shows a change at once, and what the server makes of it', () => {
    const { list, find } = setup()
    expect(find('.none')?.textContent).toContain('on its way')
    list.say('state:change', { state: { todos: [push] }, version: 0 })
    expect(find('li')?.dataset['text']).toBe('Push something')

    find('input[type=checkbox]')?.click()
    expect(find('li')?.className).toBe('done pending')
    expect(list.expectSend('lvs_evt:toggle')).toEqual({ id: 'push' })
    list.say('state:change', { state: { todos: [{ ...push, done: true }] }, version: 1 })
    expect(find('li')?.className).toBe('done')
    expect(find('.count')?.textContent).toBe('1 of 1 done')
  })

  it('stays while the connection is away, and says so', () => {
    const { list, find, server } = setup()
    list.say('state:change', { state: { todos: [push] }, version: 0 })
    server.drop()
    expect(find('.stale')?.textContent).toContain('when the connection was lost')
    expect(find('li')?.dataset['text']).toBe('Push something')
    vi.advanceTimersByTime(1_000)
    list.say('state:change', { state: { todos: [] }, version: 0 })
    expect(find('.stale')).toBeNull()
    expect(find('.none')?.textContent).toContain('Nothing to do')
  })
})
