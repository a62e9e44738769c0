import type { Shop } from '../isolation/shop.ts'

type Row = Readonly<Record<string, unknown>>

/** Rows of one tenant as the database has them, by table and id. */
export type StoredRows = ReadonlyMap<string, Row>

/** What happened to one row between two looks at the database. */
export interface Difference {
  /** As queries name it: `orderLines`. */
  readonly table: string
  readonly id: string
  readonly kind: 'insert' | 'patch' | 'remove' | 'restore'
  /** For a patch: the columns that differ, as the entity names them. */
  readonly columns: readonly string[]
}

/** The queue and the scheduler keep their own books, the core its own of what was written: no change of an entity. */
const NOT_ENTITIES: ReadonlySet<string> = new Set([
  'clientele_change_journal',
  'clientele_jobs',
  'clientele_schedules',
  'clientele_search_documents',
])

/** Written with every row by whoever writes it; `deletedAt` is what a removal changes. */
const STAMPS: ReadonlySet<string> = new Set(['version', 'updatedAt', 'deletedAt'])

export async function storedRows({ test, tables }: Shop, tenantId: string): Promise<StoredRows> {
  return test.storage.read({ tenantId: '*' }, async (connection) => {
    const stored = new Map<string, Row>()
    for (const table of tables.filter((one) => !NOT_ENTITIES.has(one))) {
      const sql = `select * from ${table} where tenant_id = '${tenantId}'`
      const { rows } = await connection.execute({ sql, parameters: [] })
      for (const row of rows) stored.set(`${entityName(table)} ${String(row['id'])}`, row)
    }
    return stored
  })
}

export function differences(before: StoredRows, after: StoredRows): readonly Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): readonly Difference[] => {
    const [table = '', id = ''] = key.split(' ')
    const [old, row] = [before.get(key), after.get(key)]
    if (!row) return [{ table, id, kind: 'remove', columns: [] }]
    if (!old) return [{ table, id, kind: 'insert', columns: [] }]
    const differing = Object.keys(row).filter(
      (name) => JSON.stringify(row[name]) !== JSON.stringify(old[name]),
    )
    // A row that is hidden and stays so is nobody's business; only an erasure touches it.
    const isHidden = Boolean(old['deletedAt'] && row['deletedAt']) && !differing.includes('deletedAt')
    if (differing.length === 0 || isHidden) return []
    const isRemoval = differing.includes('deletedAt')
    const kind = isRemoval ? (row['deletedAt'] === null ? 'restore' : 'remove') : 'patch'
    const columns = differing.filter((name) => !STAMPS.has(name)).map((name) => columnOf(name, row))
    return [{ table, id, kind, columns: [...new Set(columns)] }]
  })
}

/** Money is two columns in the database and one in an entity. */
function columnOf(name: string, row: Row): string {
  const amount = name.replace(/Currency$/, '')
  return amount !== name && amount in row ? amount : name
}

/** As queries name the entity of a table. */
export function entityName(table: string): string {
  return table.replace(/^clientele_/, '').replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
