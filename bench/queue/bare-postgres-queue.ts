import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { BATCH, inputOf, type Contender } from './contender.ts'

const ADD = `INSERT INTO clientele_jobs
  (id, tenant_id, name, input, state, rank, run_at, attempt, max_attempts, actor_kind, actor_id, origin,
   correlation_id, depth, version, created_at, updated_at)
  VALUES ($1, 'default', 'bench.step', $2, 'ready', 0, $3, 0, 5, 'system', 'system', 'live', $4, 0, 1, $3, $3)`
const SETTLE = 'DELETE FROM clientele_jobs WHERE id = ANY ($1::uuid[]) AND lease_token = $2'
const TAKE = `UPDATE clientele_jobs
  SET state = 'running', attempt = attempt + 1, lease_until = $1, lease_token = $2, version = version + 1, updated_at = $3
  WHERE id IN (
    SELECT id FROM clientele_jobs WHERE name = 'bench.step' AND state = 'ready' ORDER BY rank, run_at, id
    LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
  RETURNING id, tenant_id, name, input, attempt, max_attempts, actor_kind, actor_id, origin, correlation_id`

/**
 * A queue written by hand over the same table: leases with a token, one prepared statement to take a batch, one to
 * settle it.
 *
 * @param schema where a {@link platformQueue} was once, which made the table
 */
export async function barePostgresQueue(url: string, schema: string): Promise<Contender> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`SET search_path TO ${schema}`)
  const run = (name: string, text: string, values: unknown[]): Promise<pg.QueryResult> =>
    client.query({ name, text, values })
  return {
    async enqueue(count) {
      for (let done = 0; done < count; done += BATCH) {
        const correlation = randomUUID()
        await client.query('BEGIN')
        for (let n = done; n < done + BATCH; n++) {
          await run('add', ADD, [randomUUID(), JSON.stringify(inputOf(n)), new Date(), correlation])
        }
        await client.query('COMMIT')
      }
    },
    async work() {
      let ran = 0
      let held: string[] = []
      let token = ''
      for (;;) {
        await client.query('BEGIN')
        if (held.length > 0) await run('settle', SETTLE, [held, token])
        token = randomUUID()
        const { rows } = await run('take', TAKE, [new Date(Date.now() + 12_000), token, new Date()])
        await client.query('COMMIT')
        if (rows.length === 0) return ran
        held = rows.map(({ id }: { id: string }) => id)
        ran += rows.length
      }
    },
    close: () => client.end(),
  }
}
