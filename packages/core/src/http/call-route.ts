import { hasPermission } from '../context/actor.ts'
import type { Ctx } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { streamed } from '../idempotency/streamed.ts'
import { streamBody } from './body.ts'
import type { CompiledRoute } from './compiled-route.ts'
import type { HttpRequest } from './request.ts'
import type { RouteRequest } from './route.ts'

/** @throws `http.unauthenticated` for nobody, `http.forbidden` for somebody who lacks the permission. */
export function authorize(route: CompiledRoute, actor: Ctx['actor']): void {
  const { permission } = route
  if (permission === 'public') return
  if (actor.kind === 'anonymous')
    throw coreErrors['http.unauthenticated']({ schemes: [...(route.schemes ?? [])] })
  if (permission !== 'authenticated' && !hasPermission(actor, permission)) {
    throw coreErrors['http.forbidden']({ permission })
  }
}

/** Runs the handler as it was declared: sync or async, throwing or rejecting. */
export async function callHandler(route: CompiledRoute, request: RouteRequest, ctx: Ctx): Promise<unknown> {
  return route.route.definition.handler(request, ctx)
}

/** What a handler sees; the stream is made only for handlers that look at it. */
export class ParsedRequest implements RouteRequest {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly headers: HttpRequest['headers']
  readonly #request: HttpRequest
  readonly #limit: number

  constructor(
    request: HttpRequest,
    parts: { params: unknown; query: unknown; body: unknown },
    limit: number,
  ) {
    this.params = parts.params
    this.query = parts.query
    this.body = parts.body
    this.headers = request.headers
    this.#request = request
    this.#limit = limit
  }

  get ip(): string {
    return this.#request.ip
  }

  get stream(): AsyncIterable<Uint8Array> {
    return streamBody(this.#request, this.#limit)
  }
}

/** As {@link ParsedRequest}, for a request whose repetitions are compared with it: a stream can be read only once. */
export class UnstreamedRequest extends ParsedRequest {
  override get stream(): AsyncIterable<Uint8Array> {
    throw streamed()
  }
}
