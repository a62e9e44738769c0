import { randomBytes, randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import { BATCH, inputOf, type Contender } from './contender.ts'

const ADD = `INSERT INTO clientele_jobs
  (id, tenant_id, name, input, state, rank, run_at, attempt, max_attempts, actor_kind, actor_id, origin,
   correlation_id, depth, version, created_at, updated_at)
  VALUES (?, 'default', 'bench.step', ?, 'ready', 0, ?, 0, 5, 'system', 'system', 'live', ?, 0, 1, ?, ?)`
const SETTLE =
  'DELETE FROM clientele_jobs WHERE id IN (SELECT unhex(value) FROM json_each(?)) AND lease_token = ?'
const TAKE = `UPDATE clientele_jobs
  SET state = 'running', attempt = attempt + 1, lease_until = ?, lease_token = ?, version = version + 1, updated_at = ?
  WHERE id IN (
    SELECT id FROM clientele_jobs WHERE name = 'bench.step' AND state = 'ready' ORDER BY rank, run_at, id LIMIT ${BATCH})
  RETURNING id, tenant_id, name, input, attempt, max_attempts, actor_kind, actor_id, origin, correlation_id`

/**
 * A queue written by hand over the same table: leases with a token, one statement to take a batch, one to settle it.
 *
 * @param file where a {@link platformQueue} was once, which made the table
 */
export function bareSqliteQueue(file: string): Contender {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  const add = database.prepare(ADD)
  const settle = database.prepare(SETTLE)
  const take = database.prepare(TAKE)
  const transaction = <T>(work: () => T): T => database.transaction(work).immediate()
  return {
    async enqueue(count) {
      for (let done = 0; done < count; done += BATCH) {
        const correlation = randomUUID()
        transaction(() => {
          for (let n = done; n < done + BATCH; n++) {
            const now = Date.now()
            add.run(randomBytes(16), JSON.stringify(inputOf(n)), now, correlation, now, now)
          }
        })
      }
    },
    async work() {
      let ran = 0
      let held: Buffer[] = []
      let token = randomBytes(16)
      for (;;) {
        const rows = transaction(() => {
          if (held.length > 0) settle.run(JSON.stringify(held.map((id) => id.toString('hex'))), token)
          token = randomBytes(16)
          const now = Date.now()
          return take.all(now + 12_000, token, now) as { id: Buffer; input: string }[]
        })
        if (rows.length === 0) return ran
        for (const row of rows) if (JSON.parse(row.input)) ran++
        held = rows.map(({ id }) => id)
      }
    },
    close: async () => void database.close(),
  }
}
