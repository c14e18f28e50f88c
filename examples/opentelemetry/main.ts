import { context, SpanStatusCode } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { scenario } from './scenario.ts'

// Makes the span of a caller the parent of what it brings about. An SDK for Node sets this up by itself.
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
const exporter = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })

await scenario(provider.getTracer('rx-phoenix'))

const spans = exporter.getFinishedSpans()
const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
for (const { name, parentSpanContext, status, attributes } of spans) {
  const parent = parentSpanContext ? ` in "${names.get(parentSpanContext.spanId) ?? '?'}"` : ''
  const failed = status.code === SpanStatusCode.ERROR ? ` ERROR ${status.message ?? ''}` : ''
  console.log(`${name}${parent}${failed} ${JSON.stringify(attributes)}`)
}
