import { context, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { scenario } from '../../examples/opentelemetry/scenario.ts'

describe('the OpenTelemetry example', () => {
  let outcomes: readonly string[]
  let spans: ReadableSpan[]

  const named = (name: string): ReadableSpan[] => spans.filter((span) => span.name === name)
  const parentOf = (span: ReadableSpan | undefined): string | undefined =>
    spans.find((other) => other.spanContext().spanId === span?.parentSpanContext?.spanId)?.name
  const facts = ({ attributes, status }: ReadableSpan): object => ({ ...attributes, status: status.message })

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    const exporter = new InMemorySpanExporter()
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    outcomes = await scenario(provider.getTracer('test'))
    spans = exporter.getFinishedSpans()
  })

  afterAll(() => {
    context.disable()
  })

  it('ran as it was meant to: a refused push, a lost connection, a reconnect', () => {
    expect(outcomes).toEqual(['ok', 'PushRefused', 'ConnectionLost', 'ok'])
  })

  it('makes a span of each attempt to connect, and says after what', () => {
    expect(named('connect').map(facts)).toEqual([
      {
        'phoenix.connection': 1,
        'phoenix.attempt': 0,
        'phoenix.connection_id': 1,
        'phoenix.outcome': 'ok',
        status: undefined,
      },
      {
        'phoenix.connection': 1,
        'phoenix.attempt': 1,
        'phoenix.after': 'ConnectionClosed',
        'phoenix.connection_id': 2,
        'phoenix.outcome': 'ok',
        status: undefined,
      },
    ])
  })

  it('makes a span of each join', () => {
    const join = { 'phoenix.topic': 'orders:1', 'phoenix.outcome': 'ok', status: undefined }
    expect(named('join').map(facts)).toEqual([
      { ...join, 'phoenix.connection_id': 1 },
      { ...join, 'phoenix.connection_id': 2 },
    ])
  })

  it('makes a span of each push, within that of whoever pushed, with its error', () => {
    const pushes = spans.filter(({ name }) => name.startsWith('push '))
    expect(pushes.map((span) => [span.name, parentOf(span), span.status.code, span.status.message])).toEqual([
      ['push place', 'handle place', SpanStatusCode.UNSET, undefined],
      ['push cancel', 'handle cancel', SpanStatusCode.ERROR, 'PushRefused'],
      ['push pay', 'handle pay', SpanStatusCode.ERROR, 'ConnectionLost'],
      ['push place', 'handle place', SpanStatusCode.UNSET, undefined],
    ])
    expect(pushes.map(({ attributes }) => attributes['phoenix.connection_id'])).toEqual([1, 1, 1, 2])
    for (const span of pushes) {
      expect(span.kind).toBe(SpanKind.CLIENT)
      expect(span.attributes['phoenix.topic']).toBe('orders:1')
      expect(span.attributes['phoenix.ref']).toMatch(/^\d+$/)
      expect(span.events.map(({ name }) => name)).toEqual(['sending'])
    }
  })

  it('leaves no span open: everything that began has ended, at the time of its event', () => {
    expect(spans).toHaveLength(12)
    for (const { startTime, endTime } of spans)
      expect(endTime[0] * 1e3 + endTime[1] / 1e6).toBeGreaterThanOrEqual(
        startTime[0] * 1e3 + startTime[1] / 1e6,
      )
  })
})
