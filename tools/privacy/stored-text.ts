import type { Storage } from '@clientele/core'

/**
 * Everything a database holds as text, by `table.column`: also tables that no entity declares, such as those behind the
 * search index, and rows that are removed.
 */
export function storedText(storage: Storage): Promise<ReadonlyMap<string, string>> {
  const list =
    storage.capabilities.dialect === 'sqlite'
      ? `select name from sqlite_master where type = 'table'`
      : `select tablename as name from pg_tables where schemaname = current_schema()`
  return storage.read({ tenantId: '*' }, async (connection) => {
    const { rows: tables } = await connection.execute({ sql: list, parameters: [] })
    const stored = new Map<string, string>()
    for (const { name } of tables) {
      const { rows } = await connection.execute({ sql: `select * from "${String(name)}"`, parameters: [] })
      for (const [column, value] of rows.flatMap((row) => Object.entries(row))) {
        const place = `${String(name)}.${column}`
        stored.set(place, `${stored.get(place) ?? ''}${textOf(value)}\n`)
      }
    }
    return stored
  })
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  return typeof value === 'string' ? value : (JSON.stringify(value, withoutBigints) ?? '')
}

function withoutBigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
