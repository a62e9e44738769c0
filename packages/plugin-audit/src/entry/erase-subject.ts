import type { AnyEntity, Tx } from '@clientele/core'
import type { AuditTables } from '../audit.tables.ts'

/** Rows of one statement. */
const SLICE = 500

/** Takes the details of all entries that tell of a person away. That somebody did something at some time stays. */
export async function eraseSubject(t: Tx<AuditTables>, { name }: AnyEntity, id: string): Promise<void> {
  const now = t.now()
  await t.projection('what an erasure takes out of the trail is no change of it', async (db) => {
    for (;;) {
      const found = await db
        .selectFrom('auditSubjects')
        .select(['id', 'entryId'])
        .where('personId', '=', id)
        .where('entity', '=', name)
        .limit(SLICE)
        .execute()
      if (found.length === 0) return
      await db
        .updateTable('auditEntries')
        .set({ details: null, salt: null, erasedAt: now })
        .where(
          'id',
          'in',
          found.map(({ entryId }) => entryId),
        )
        .where('detailsHash', 'is not', null)
        .execute()
      await db
        .deleteFrom('auditSubjects')
        .where(
          'id',
          'in',
          found.map((one) => one.id),
        )
        .execute()
    }
  })
}
