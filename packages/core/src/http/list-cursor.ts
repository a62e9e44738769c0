import { coreErrors } from '../errors/core.errors.ts'
import type { KeyRing } from '../keys/key-ring.types.ts'
import type { ListQuery } from './list-query.ts'

const PURPOSE = 'cursor'

/** What a cursor belongs to: it opens nowhere else. */
export interface CursorScope {
  readonly tenantId: string
  readonly entity: string
  readonly query: Pick<ListQuery, 'filters' | 'sort' | 'q'>
}

/** Seals the sort values of the last row of a page: readable, but worthless for another list, sort or filter. */
export function writeCursor(keys: KeyRing, scope: CursorScope, values: readonly unknown[]): string {
  const text = JSON.stringify(values)
  return `${Buffer.from(text).toString('base64url')}.${keys.sign(PURPOSE, signedText(scope, text))}`
}

/**
 * The sort values in a cursor.
 * @throws `http.invalid_cursor` when it was made up, changed, or is of another list, sort, filter or tenant.
 */
export function readCursor(keys: KeyRing, scope: CursorScope, cursor: string): readonly unknown[] {
  const [payload = '', signature = '', ...rest] = cursor.split('.')
  const text = Buffer.from(payload, 'base64url').toString('utf8')
  const genuine = rest.length === 0 && keys.verify(PURPOSE, signedText(scope, text), signature)
  if (!genuine) throw coreErrors['http.invalid_cursor']({ field: 'cursor' })
  return JSON.parse(text) as readonly unknown[]
}

function signedText({ tenantId, entity, query }: CursorScope, values: string): string {
  const parts: unknown[] = [entity, query.sort, query.filters, query.q ?? null, values]
  // tenant-site: list.cursor
  parts.push(tenantId)
  return JSON.stringify(parts)
}
