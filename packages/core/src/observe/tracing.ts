import type { Attributes, Context, Span, SpanContext, SpanKind } from '@opentelemetry/api'
import { isClienteleError } from '../errors/clientele-error.ts'
import { CORE_VERSION } from '../version.ts'

/** Where the OpenTelemetry API keeps what a host has registered; the same for all its versions 1. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1')

type Api = typeof import('@opentelemetry/api')
let api: Api | null = null

/** A span that is open. */
export interface OpenSpan {
  set(attributes: Attributes): void
  rename(name: string): void
  /** The kind of error, never its text: that may hold what a person typed. */
  fail(errorType: string): void
  /** What others may be children of later. */
  readonly context: SpanContext
}

export interface SpanOptions {
  /** @default 'internal' */
  readonly kind?: 'internal' | 'server' | 'client' | 'consumer'
  readonly attributes?: Attributes
  /** Headers of a request, whose `traceparent` names the parent unless one is active. */
  readonly carrier?: Readonly<Record<string, string | undefined>>
  /** The parent; null begins a trace. @default what is active */
  readonly parent?: SpanContext | null | undefined
}

/** Makes spans while the host has an OpenTelemetry SDK registered. */
export interface Tracing {
  /** Runs within a span, which ends with it; what it rejects with is the error of the span. */
  span<T>(name: string, options: SpanOptions, run: (span: OpenSpan) => Promise<T>): Promise<T>
  /** `traceparent` and the like for a request to another service. */
  headers(): Readonly<Record<string, string>>
}

/**
 * Null while nobody has registered an SDK: then the API is not even loaded, and asking costs a look at a property. With
 * the SDK registered after the start, the first piece of work loads the API and is not traced itself.
 */
export function tracing(): Tracing | null {
  if (!isRegistered()) return null
  if (!api) {
    void loadTracing()
    return null
  }
  return TRACING
}

/** Loads the API when an SDK is registered; otherwise does nothing. */
export async function loadTracing(): Promise<void> {
  if (isRegistered()) api ??= await import('@opentelemetry/api')
}

function isRegistered(): boolean {
  return (globalThis as { [REGISTERED]?: { readonly trace?: unknown } })[REGISTERED]?.trace !== undefined
}

const TRACING: Tracing = {
  span(name, options, run) {
    const { trace, SpanStatusCode } = api!
    const kind = kindOf(api!, options.kind)
    const { attributes = {} } = options
    const tracer = trace.getTracer('@clientele/core', CORE_VERSION)
    return tracer.startActiveSpan(name, { kind, attributes }, parentOf(api!, options), async (span: Span) => {
      const open: OpenSpan = {
        context: span.spanContext(),
        set: (more) => void span.setAttributes(more),
        rename: (to) => void span.updateName(to),
        fail(errorType) {
          span.setAttribute('error.type', errorType)
          span.setStatus({ code: SpanStatusCode.ERROR })
        },
      }
      try {
        return await run(open)
      } catch (error) {
        open.fail(errorTypeOf(error))
        throw error
      } finally {
        span.end()
      }
    })
  },
  headers() {
    const { context, propagation } = api!
    const carrier: Record<string, string> = {}
    propagation.inject(context.active(), carrier)
    return carrier
  },
}

function kindOf({ SpanKind }: Api, kind: SpanOptions['kind']): SpanKind {
  if (kind === 'server') return SpanKind.SERVER
  if (kind === 'client') return SpanKind.CLIENT
  return kind === 'consumer' ? SpanKind.CONSUMER : SpanKind.INTERNAL
}

function parentOf(
  { context, propagation, ROOT_CONTEXT, trace }: Api,
  { carrier, parent }: SpanOptions,
): Context {
  const active = context.active()
  if (parent === null) return ROOT_CONTEXT
  if (parent) return trace.setSpanContext(ROOT_CONTEXT, parent)
  // The host's own instrumentation has read the header already.
  return carrier && !trace.getSpan(active) ? propagation.extract(active, carrier) : active
}

/** A code of ours, else the name of the class. */
export function errorTypeOf(error: unknown): string {
  if (isClienteleError(error)) return error.code
  return error instanceof Error ? error.name : 'unknown'
}
