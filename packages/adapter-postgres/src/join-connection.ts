import type { Connection, LaneScope } from '@clientele/core'
import { searchPathFirst } from './connection-pool.ts'
import { HostConnection, type Queryable } from './host-connection.ts'
import { PostgresConnection } from './postgres-connection.ts'
import { postgresErrors } from './postgres.errors.ts'
import type { PgClient, ResolvedOptions } from './postgres.options.ts'
import { bindTenant } from './row-level-security.ts'
import type { RowPlans } from './row-plan.ts'
import type { Session } from './session.ts'

interface JoinSettings {
  readonly options: ResolvedOptions
  readonly plans: RowPlans
  readonly sessionOf: (client: PgClient) => Session | undefined
}

/**
 * The host's open transaction as a connection of ours: a client of `pg`, or anything with `query(text, values)`.
 * What is set on it (search path, tenant) ends with the transaction.
 */
export async function joinConnection(
  host: unknown,
  { tenantId }: LaneScope,
  { options, plans, sessionOf }: JoinSettings,
): Promise<Connection> {
  const queryable = queryableOf(host)
  const client = isPgClient(queryable) ? queryable : null
  const session = client ? (sessionOf(client) ?? null) : null
  const setUp = [
    ...(options.schema && !session ? [searchPathFirst(options.schema, 'transaction')] : []),
    ...(options.rls ? [bindTenant(tenantId)] : []),
  ]
  for (const statement of setUp) await queryable.query(statement, [])
  if (!client) return new HostConnection(queryable)
  return new PostgresConnection({
    client,
    session: options.preparedStatements ? session : null,
    plans,
    inTransaction: true,
  })
}

function queryableOf(host: unknown): Queryable {
  if (typeof host !== 'object' || host === null || !('query' in host) || typeof host.query !== 'function') {
    throw postgresErrors['postgres.not_a_connection']({ problem: 'the value has no query(text, values)' })
  }
  if ('totalCount' in host && 'connect' in host) {
    const problem = 'this is a pool, whose statements run on any connection'
    throw postgresErrors['postgres.not_a_connection']({ problem })
  }
  if (isPgClient(host) && host.getTransactionStatus?.() === 'I') {
    throw postgresErrors['postgres.not_a_connection']({ problem: 'no transaction is open on this client' })
  }
  return host as Queryable
}

function isPgClient(host: object): host is PgClient & Queryable {
  return 'getTypeParser' in host && 'escapeIdentifier' in host
}
