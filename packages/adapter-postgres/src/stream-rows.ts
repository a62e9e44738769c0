import type { Connection, Statement, StatementResult } from '@clientele/core'

let cursors = 0

/**
 * The rows of a read in chunks, through a cursor of the server, so that other statements may run between two chunks.
 * Needs a transaction.
 */
export async function* streamRows(
  connection: Pick<Connection, 'execute'>,
  { sql, parameters }: Statement,
  chunkSize: number,
): AsyncIterableIterator<StatementResult> {
  cursors = (cursors + 1) % 10_000
  const cursor = `clientele_${cursors}`
  await connection.execute({ sql: `declare ${cursor} no scroll cursor for ${sql}`, parameters })
  try {
    for (;;) {
      const chunk = await connection.execute({ sql: `fetch ${chunkSize} from ${cursor}`, parameters: [] })
      if (chunk.rows.length > 0) yield chunk
      if (chunk.rows.length < chunkSize) return
    }
  } finally {
    // In a failed transaction the cursor is gone already, and closing it fails.
    await connection.execute({ sql: `close ${cursor}`, parameters: [] }).catch(() => {})
  }
}
