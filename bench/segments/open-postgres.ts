import { postgres } from '@clientele/adapter-postgres'
import { startPostgres } from '@clientele/testing/embedded-postgres'
import pg from 'pg'
import type { BenchOptions } from '../lib/family.ts'
import { compose, PREFIX } from './composition.ts'
import { dataSet, type DataSize } from './data-set.ts'
import type { MeasuredDatabase } from './database.ts'
import { loadPostgres, postgresEncoding } from './load-postgres.ts'

/** Durable as PostgreSQL is by default; statistics and dead rows are seen to after loading, not while measuring. */
const SETTINGS = {
  ...{ shared_buffers: '512MB', max_wal_size: '4GB', autovacuum: 'off' },
  // For loading; whatever commits is on the disk all the same.
  ...{ wal_level: 'minimal', max_wal_senders: '0' },
}

/** Starts a server and fills it. */
export async function openPostgres(size: DataSize, { log }: BenchOptions): Promise<MeasuredDatabase> {
  const server = await startPostgres({ durable: true, settings: SETTINGS })
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  log(`postgres: ${size.customers} customers, ${size.orders} orders, ${size.events} events`)
  const platform = compose(postgres(server.url))
  await platform.start({ workers: false })
  await platform.stop()
  await loadPostgres(client, dataSet(size, postgresEncoding), PREFIX)
  return {
    name: 'postgres',
    storage: postgres(server.url),
    instant: (ms) => `timestamptz '${new Date(ms).toISOString()}'`,
    async count(sql) {
      const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
      return Number(rows[0]![0])
    },
    async plan({ sql, parameters }) {
      const { rows } = await client.query<unknown[]>({
        text: `EXPLAIN ${sql}`,
        values: [...parameters],
        rowMode: 'array',
      })
      return rows.map(([step]) => String(step))
    },
    async close() {
      await client.end()
      await server.stop()
    },
  }
}
