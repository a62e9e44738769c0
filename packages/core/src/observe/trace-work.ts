import type { SpanContext } from '@opentelemetry/api'
import { eventJobPrefix } from '../event/event-job.ts'
import type { ClaimedJob } from '../job/claimed-job.ts'
import { tracing, type OpenSpan } from './tracing.ts'

/** The transactions that added jobs last, by correlation id: so many are kept. */
const REMEMBERED = 1000
const adders = new Map<string, SpanContext>()

/** Runs a transaction within a span. */
export function traceTransaction<T>(
  tenantId: string,
  run: (span: OpenSpan | null) => Promise<T>,
): Promise<T> {
  const tracer = tracing()
  if (!tracer) return run(null)
  return tracer.span('transaction', { attributes: { 'clientele.tenant_id': tenantId } }, run)
}

/**
 * Notes that a transaction has added jobs. Kept in memory only: a job that another process runs, or that waits for long
 * among many, begins a trace of its own; its correlation id leads back all the same.
 */
export function rememberAdder(correlationId: string, span: OpenSpan | null): void {
  if (!span) return
  adders.delete(correlationId)
  adders.set(correlationId, span.context)
  if (adders.size > REMEMBERED) adders.delete(adders.keys().next().value!)
}

/** Runs a job, or an `after` handler, within a span below the transaction that added it. */
export function traceJob<T>(job: ClaimedJob, run: (span: OpenSpan | null) => Promise<T>): Promise<T> {
  const tracer = tracing()
  if (!tracer) return run(null)
  const { name, id, attempt, tenantId, correlationId } = job
  const isHandler = name.startsWith(eventJobPrefix)
  const shown = isHandler ? `after ${name.slice(eventJobPrefix.length)}` : `job ${name}`
  const attributes = {
    'clientele.tenant_id': tenantId,
    'clientele.job.name': name,
    'clientele.job.id': id,
    'clientele.job.attempt': attempt,
    'clientele.correlation_id': correlationId,
  }
  return tracer.span(shown, { kind: 'consumer', attributes, parent: adders.get(correlationId) ?? null }, run)
}
