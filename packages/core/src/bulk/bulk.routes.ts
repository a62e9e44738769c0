import type { AnyEntity } from '../entity/entity.ts'
import { nounsOf } from '../entity/nouns.ts'
import { route, type Route } from '../http/route.ts'
import { bulkAnswerSchema, bulkSchema, type BulkAnswer, type BulkInput } from './bulk.ts'
import { runBulk } from './run-bulk.ts'

/** The route of an entity's bulk requests, as typed callers see it. */
export type BulkRoute<E extends AnyEntity, Write extends string> = Route<
  { readonly body: BulkInput<E> },
  BulkAnswer<E>,
  Write
>

/** `POST {path}/bulk`: many creates, updates and removals by one request, with a result for each. */
export function bulkRoute(
  entity: AnyEntity,
  { path, write }: { readonly path: `/${string}`; readonly write: string },
): Route {
  return route.post({
    path: `${path}/bulk`,
    permission: write,
    summary: `Create, change and remove many ${nounsOf(entity).many}`,
    description:
      'At most 1,000 operations, done in their order. Each stands alone, and its result says what the single route would have answered; with `atomic` all are done or none.',
    body: bulkSchema(entity),
    response: bulkAnswerSchema(entity),
    maxBodyBytes: 5 * 1024 * 1024,
    handler: ({ body }, ctx) => runBulk(ctx, entity, body),
  })
}
