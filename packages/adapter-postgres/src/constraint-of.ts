import type { ConstraintViolation } from '@clientele/core'
import { databaseError, type DatabaseError } from './database-error.ts'

const KINDS: Readonly<Record<string, ConstraintViolation['kind']>> = {
  '23505': 'unique',
  '23503': 'foreignKey',
  // Since PostgreSQL 18, a removal that ON DELETE RESTRICT forbids.
  '23001': 'foreignKey',
  '23502': 'notNull',
  '23514': 'check',
}

/**
 * The violated constraint and its columns.
 *
 * @param known columns by constraint or index name: under row-level security the server does not tell them
 */
export function constraintOf(
  error: unknown,
  known: ReadonlyMap<string, readonly string[]>,
): ConstraintViolation | null {
  const found = databaseError(error)
  const kind = found && KINDS[found.code]
  if (!found || !kind) return null
  return { kind, ...(found.table ? { table: found.table } : {}), columns: columnsOf(found, known) }
}

function columnsOf(error: DatabaseError, known: ReadonlyMap<string, readonly string[]>): readonly string[] {
  if (error.column) return [error.column]
  // `Key (tenant_id, email)=(…) already exists`: the words are translated, the parentheses are not.
  const detail = /\((.+?)\)=\(/.exec(error.detail ?? '')?.[1]
  if (detail) return detail.split(', ').map((column) => column.replaceAll('"', ''))
  return known.get(error.constraint ?? '') ?? columnsOfName(error)
}

/** Our keys are named `table_column_column_key`: better than nothing when the constraint is new. */
function columnsOfName({ constraint, table }: DatabaseError): readonly string[] {
  if (!constraint || !table || !constraint.startsWith(`${table}_`)) return []
  return [constraint.slice(table.length + 1).replace(/_(?:key|fkey|pkey|idx|check)$/, '')]
}
