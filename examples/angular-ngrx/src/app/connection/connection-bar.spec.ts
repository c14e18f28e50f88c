import { TestBed } from '@angular/core/testing'
import { PhoenixTestingController, providePhoenixTesting } from 'rx-phoenix/angular'
import { ConnectionBar } from './connection-bar.ts'

const setup = () => {
  TestBed.configureTestingModule({ providers: [providePhoenixTesting({ reconnect: () => 3_000 })] })
  const fixture = TestBed.createComponent(ConnectionBar)
  const element = fixture.nativeElement as HTMLElement
  return {
    server: TestBed.inject(PhoenixTestingController),
    fixture,
    shown: () => {
      TestBed.tick()
      return [...(element.querySelector('.bar')?.children ?? [])]
        .map(({ textContent }) => textContent)
        .filter((text) => text !== '')
        .join(' ')
    },
  }
}

describe('the bar of the connection', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('counts down while the server is away, and is live again', () => {
    const { server, shown } = setup()
    expect(shown()).toMatch(/^Live/)
    server.drop()
    expect(shown()).toMatch(/^Offline/)
    vi.advanceTimersByTime(0)
    expect(shown()).toBe('Offline retry in 3 s Try now')
    vi.advanceTimersByTime(1_000)
    expect(shown()).toBe('Offline retry in 2 s Try now')
    vi.advanceTimersByTime(2_000)
    expect(shown()).toMatch(/^Live/)
  })

  it('closes the connection when it is gone', () => {
    const { server, fixture } = setup()
    TestBed.tick()
    expect(server.connections).toBe(1)
    fixture.destroy()
    expect(server.connections).toBe(0)
  })
})
