import 'zone.js'
import 'zone.js/plugins/proxy'
import 'zone.js/plugins/fake-async-test'
import { provideZoneChangeDetection } from '@angular/core'
import { fakeAsync, TestBed, tick } from '@angular/core/testing'
import {
  channelResource,
  PhoenixTestingController,
  providePhoenixTesting,
  pushSignal,
} from '../../lib/angular/index.ts'
import { useTestBed } from './test-bed.ts'
import { withoutZoneAfter } from './without-zone-after.ts'

useTestBed(provideZoneChangeDetection())
withoutZoneAfter()

/** What zone.js/testing does around each `it` of Jasmine and Mocha. */
const inProxyZone = (run: () => void): void => {
  const { ProxyZoneSpec } = Zone as unknown as { ProxyZoneSpec: new () => ZoneSpec }
  Zone.current.fork(new ProxyZoneSpec()).run(run)
}

describe('providePhoenixTesting in fakeAsync, in an application with a zone', () => {
  it('lets a push time out and the client come back by tick, and leaves no timer', () => {
    const seen: unknown[] = []
    inProxyZone(
      fakeAsync(() => {
        TestBed.configureTestingModule({ providers: [providePhoenixTesting()] })
        const server = TestBed.inject(PhoenixTestingController)
        const room = TestBed.runInInjectionContext(() =>
          channelResource({
            topic: 'room:a',
            stream: (channel) => channel,
            defaultValue: undefined,
          }),
        )
        const post = pushSignal(room.channel, 'save')
        post.push({})
        server.topic('room:a').expectPush('save').timeOut()
        tick(10_000)
        const pushed = post()
        seen.push(pushed.status === 'failed' && pushed.error._tag)

        server.drop()
        seen.push(room.status())
        tick(10)
        seen.push(room.status())
        TestBed.resetTestingModule()
        server.verify({ closed: true })
        // fakeAsync throws if a timer is left.
      }),
    )
    expect(seen).toEqual(['PushTimeout', 'reloading', 'resolved'])
  })
})
