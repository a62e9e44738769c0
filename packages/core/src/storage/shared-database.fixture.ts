import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import type { SharedDatabase } from '@clientele/testing'
import type { ClienteleOptions } from '../clientele.types.ts'
import { silentLogger } from '../ports/logger.ts'

/**
 * What all instances on one database have in common.
 * @param max connections of each to PostgreSQL
 */
export function onDatabase(
  database: SharedDatabase,
  max = 4,
): Pick<ClienteleOptions<[]>, 'storage' | 'keys' | 'logger'> {
  return {
    storage: 'sqlite' in database ? sqlite(database.sqlite) : postgres({ ...database, max }),
    keys: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    logger: silentLogger(),
  }
}
