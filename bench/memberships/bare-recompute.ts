import type { Storage } from '@clientele/core'

const SYSTEM = { tenantId: '*' }

/** Forgets who is in any segment. */
export async function clearMembers(storage: Storage): Promise<void> {
  await storage.write(SYSTEM, (connection) =>
    connection.execute({ sql: 'delete from clientele_memberships', parameters: [] }),
  )
}

/** What somebody would write by hand who computes a segment at night: two statements in one transaction. */
export async function bareRecompute(
  storage: Storage,
  database: 'sqlite' | 'postgres',
  segmentId: string,
): Promise<void> {
  const [segment, id, now] =
    database === 'postgres'
      ? [`'${segmentId}'::uuid`, 'gen_random_uuid()', 'now()']
      : [`x'${segmentId.replaceAll('-', '')}'`, 'randomblob(16)', String(1_768_478_400_000)]
  const members = `select c.id from clientele_customers c where c.tenant_id = 'default' and c.deleted_at is null and c.country = 'BR'`
  const current = `tenant_id = 'default' and segment_id = ${segment} and left_at is null`
  await storage.write(SYSTEM, async (connection) => {
    await connection.execute({
      sql: `update clientele_memberships set left_at = ${now}, left_by = 'recompute' where ${current} and customer_id not in (${members})`,
      parameters: [],
    })
    await connection.execute({
      sql: `insert into clientele_memberships (tenant_id, id, version, created_at, updated_at, segment_id, customer_id, entered_at, entered_by)
        select 'default', ${id}, 1, ${now}, ${now}, ${segment}, n.id, ${now}, 'recompute' from (${members}) n
        where not exists (select 1 from clientele_memberships where ${current} and customer_id = n.id)`,
      parameters: [],
    })
  })
}
