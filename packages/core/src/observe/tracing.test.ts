import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { context, propagation, trace, type SpanKind } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { after, defineDomainEvent, defineJob, definePlugin, FetchPort, handleJob, route } from '../index.ts'
import { tracing } from './tracing.ts'

const CALLER = '4bf92f3577b34da6a3ce929d0e0e4736'
const TRACEPARENT = `00-${CALLER}-00f067aa0ba902b7-01`

const Brewed = defineDomainEvent('tea.brewed', z.object({ name: z.string() }))
const Pour = defineJob('tea.pour', z.object({ name: z.string() }), { attempts: 1 })
const tea = definePlugin({
  id: 'tea',
  version: '1.0.0',
  requires: { core: '*' },
  permissions: { 'tea:write': { label: 'Make tea' } },
  events: [Brewed],
  handlers: [after(Brewed, 'tea.smell', { effect: 'inside' }, async () => {})],
  jobs: [
    handleJob(Pour, async ({ name }, ctx) => {
      await ctx.tx(async () => {})
      if (name === 'spilt') throw new TypeError('Ana spilt it')
    }),
  ],
  routes: {
    brew: route.post({
      path: '/api/v1/tea/:name',
      permission: 'tea:write',
      summary: 'Brew tea',
      params: z.object({ name: z.string() }),
      response: z.object({ ok: z.boolean() }),
      async handler({ params: { name } }, ctx) {
        if (name === 'burnt') throw new RangeError('Ana burnt it')
        await ctx.tx(async (t) => {
          await t.emit(Brewed, { name })
          await t.enqueue(Pour, { name })
        })
        return { ok: true }
      },
    }),
  },
})

/** The real SDK, keeping spans in memory, taken away after the test. */
function openTelemetry(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  onTestFinished(async () => {
    trace.disable()
    context.disable()
    propagation.disable()
    await provider.shutdown()
  })
  return exporter
}

const named = (spans: readonly ReadableSpan[], name: string): ReadableSpan => {
  const found = spans.find((span) => span.name === name)
  if (!found) throw new Error(`There is no span "${name}" among ${spans.map((one) => one.name).join(', ')}`)
  return found
}

eachStorage((storage) => {
  test('a trace leads from the caller over request and transaction to jobs and after handlers', async () => {
    const exporter = openTelemetry()
    const t = await createTestClientele({ storage, plugins: [tea()] })
    exporter.reset()

    const headers = { traceparent: TRACEPARENT, 'x-request-id': 'r-1' }
    expect((await t.fetch('/api/v1/tea/green', { method: 'POST', headers })).status).toBe(200)
    await t.drain()

    const spans = exporter.getFinishedSpans()
    const request = named(spans, 'POST /api/v1/tea/:name')
    expect(request.parentSpanContext).toMatchObject({ traceId: CALLER, spanId: '00f067aa0ba902b7' })
    expect(request.kind).toBe(1 satisfies SpanKind.SERVER)
    expect(request.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/api/v1/tea/:name',
      'http.response.status_code': 200,
      'clientele.tenant_id': 'default',
      'clientele.request_id': 'r-1',
    })
    const transaction = named(spans, 'transaction')
    expect(transaction.parentSpanContext?.spanId).toBe(request.spanContext().spanId)
    const job = named(spans, 'job tea.pour')
    expect(job.parentSpanContext?.spanId).toBe(transaction.spanContext().spanId)
    expect(job.attributes).toMatchObject({ 'clientele.job.attempt': 1, 'clientele.correlation_id': 'r-1' })
    expect(named(spans, 'after tea.smell').parentSpanContext?.spanId).toBe(transaction.spanContext().spanId)
    const within = spans.filter((span) => span.parentSpanContext?.spanId === job.spanContext().spanId)
    expect(within.map(({ name }) => name)).toEqual(['transaction'])
    expect(new Set([request, transaction, job].map((span) => span.spanContext().traceId))).toEqual(
      new Set([CALLER]),
    )
  })

  test('spans name the kind of an error, and never what a person wrote', async () => {
    const exporter = openTelemetry()
    const t = await createTestClientele({ storage, plugins: [tea()] })

    await t.fetch('/api/v1/tea/burnt', { method: 'POST' })
    await t.fetch('/api/v1/tea/spilt', { method: 'POST' })
    await t.fetch('/api/v1/tea/green', { method: 'POST', as: { permissions: [] } })
    await t.drain()

    const spans = exporter.getFinishedSpans()
    const requests = spans.filter(({ name }) => name.startsWith('POST'))
    expect(requests.map(({ attributes, status }) => [attributes['error.type'], status.code])).toEqual([
      ['RangeError', 2],
      [undefined, 0],
      [undefined, 0],
    ])
    expect(named(spans, 'job tea.pour')).toMatchObject({
      attributes: { 'error.type': 'job_failed' },
      status: { code: 2 },
    })
    const written = JSON.stringify(
      spans.map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    )
    expect(written).not.toMatch(/Ana|burnt|spilt|green/)
  })

  test('a job nobody remembers adding begins a trace of its own', async () => {
    const exporter = openTelemetry()
    const t = await createTestClientele({ storage, plugins: [tea()] })
    trace.disable()
    await t.fetch('/api/v1/tea/green', { method: 'POST' })
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    trace.setGlobalTracerProvider(provider)
    exporter.reset()

    await trace.getTracer('host').startActiveSpan('a worker of the host', () => t.drain())

    expect(named(exporter.getFinishedSpans(), 'job tea.pour').parentSpanContext).toBeUndefined()
  })
})

test('a request of ours to another service is a span, and carries the trace to trusted ones only', async () => {
  const seen: (string | undefined)[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers['traceparent'] as string | undefined)
    response.writeHead(503).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const exporter = openTelemetry()
  const t = await createTestClientele({ plugins: [] })
  const fetch = t.as().get(FetchPort)

  await fetch.trusted(`http://127.0.0.1:${port}/secret-path?token=1`)
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'fetch.refused' })

  const [trusted] = exporter.getFinishedSpans().filter(({ name }) => name === 'GET')
  expect(trusted?.attributes).toEqual({
    'http.request.method': 'GET',
    'server.address': '127.0.0.1',
    'server.port': port,
    'http.response.status_code': 503,
    'error.type': '503',
  })
  expect(seen).toEqual([expect.stringContaining(trusted!.spanContext().traceId)])
})

test('without an SDK there is no tracing, and none before it is registered', async () => {
  expect(tracing()).toBeNull()
  const exporter = openTelemetry()
  const t = await createTestClientele({ plugins: [tea()] })
  await t.fetch('/api/v1/tea/green', { method: 'POST' })
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toContain('POST /api/v1/tea/:name')
})
