import type { Capabilities, Connection, StatementResult } from '../storage/storage.ts'

/**
 * Runs SQL over physical names with the placeholders `$1`, `$2`, … on every database; a placeholder may be used
 * more than once.
 */
export function runSql(
  connection: Connection,
  dialect: Capabilities['dialect'],
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<StatementResult> {
  if (dialect === 'postgres' || parameters.length === 0) return connection.execute({ sql, parameters })
  const bound: unknown[] = []
  const text = sql.replace(/'(?:[^']|'')*'|\$(\d+)/g, (match, place?: string) => {
    if (place === undefined) return match
    bound.push(parameters[Number(place) - 1])
    return '?'
  })
  return connection.execute({ sql: text, parameters: bound })
}
