import type { Kysely } from 'kysely'
import type { Compilable } from '../context/context.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { toTimestamp, type Timestamp } from '../ports/clock.ts'
import type { Prepared } from '../sql/sql-layer.ts'
import type { Connection } from '../storage/storage.ts'
import type { IdempotencyDb } from './idempotency-key.entity.ts'

/** A key as it stands. */
export interface KeyRow {
  readonly fingerprint: string
  readonly state: 'running' | 'done'
  readonly lockedUntil: Timestamp
  readonly expiresAt: Timestamp
  readonly answer: string | null
}

/** Statements over the keys of one tenant; who calls brings the connection. */
export class KeyRows {
  readonly #runtime: Runtime
  readonly #tenantId: string

  constructor(runtime: Runtime, tenantId: string) {
    this.#runtime = runtime
    this.#tenantId = tenantId
  }

  async find(connection: Connection, key: string): Promise<KeyRow | undefined> {
    const [row] = await this.#run<KeyRow>(
      connection,
      'find',
      (db, p) =>
        db
          .selectFrom('idempotencyKeys')
          .select(['fingerprint', 'state', 'lockedUntil', 'expiresAt', 'answer'])
          .where('key', '=', p('key')),
      { key },
    )
    return row
  }

  /** Takes a key that is free, forgotten, or whose holder let the lock end. */
  async claim(
    connection: Connection,
    claim: {
      readonly key: string
      readonly route: string
      readonly fingerprint: string
      readonly token: string
      readonly lockMs: number
      readonly keepMs: number
    },
  ): Promise<boolean> {
    const { lockMs, keepMs, ...values } = claim
    const now = this.#runtime.clock.now()
    const rows = await this.#run(
      connection,
      'claim',
      (db, p) => {
        const taken = {
          route: p('route'),
          fingerprint: p('fingerprint'),
          state: 'running',
          token: p('token'),
          lockedUntil: p('lockedUntil'),
          expiresAt: p('expiresAt'),
          answer: null,
          updatedAt: p('now'),
        } as const
        return db
          .insertInto('idempotencyKeys')
          .values({ id: p('token'), key: p('key'), version: 1, createdAt: p('now'), ...taken })
          .onConflict((conflict) =>
            conflict
              .columns(['tenantId', 'key'])
              .doUpdateSet(taken)
              .where((eb) =>
                eb.or([
                  eb.and([
                    eb('idempotencyKeys.state', '=', 'running'),
                    eb('idempotencyKeys.lockedUntil', '<=', p('now')),
                  ]),
                  eb('idempotencyKeys.expiresAt', '<=', p('now')),
                ]),
              ),
          )
          .returning('id')
      },
      {
        ...values,
        now: toTimestamp(now),
        lockedUntil: toTimestamp(now + lockMs),
        expiresAt: toTimestamp(now + keepMs),
      },
    )
    return rows.length > 0
  }

  /** Puts the end of a lock off. False when it is not held any more. */
  async extend(connection: Connection, held: Held, lockMs: number): Promise<boolean> {
    const rows = await this.#run(
      connection,
      'extend',
      (db, p) =>
        db
          .updateTable('idempotencyKeys')
          .set({ lockedUntil: p('lockedUntil') })
          .where('key', '=', p('key'))
          .where('token', '=', p('token'))
          .where('state', '=', 'running')
          .returning('id'),
      { ...held, lockedUntil: toTimestamp(this.#runtime.clock.now() + lockMs) },
    )
    return rows.length > 0
  }

  /** Writes the answer down. False when somebody else holds the key by now. */
  async finish(connection: Connection, held: Held, answer: string | null): Promise<boolean> {
    const rows = await this.#run(
      connection,
      'finish',
      (db, p) =>
        db
          .updateTable('idempotencyKeys')
          .set({ state: 'done', answer: p('answer'), updatedAt: p('now') })
          .where('key', '=', p('key'))
          .where('token', '=', p('token'))
          .where('state', '=', 'running')
          .returning('id'),
      { ...held, answer, now: toTimestamp(this.#runtime.clock.now()) },
    )
    return rows.length > 0
  }

  /** Lets a key go whose request failed. */
  async release(connection: Connection, held: Held): Promise<void> {
    await this.#run(
      connection,
      'release',
      (db, p) =>
        db
          .deleteFrom('idempotencyKeys')
          .where('key', '=', p('key'))
          .where('token', '=', p('token'))
          .where('state', '=', 'running'),
      { ...held },
    )
  }

  #run<T>(
    connection: Connection,
    name: string,
    build: (db: IdempotencyDb, p: Parameter) => Compilable<T>,
    parameters: Prepared,
  ): Promise<T[]> {
    const binding = { tenantId: this.#tenantId, writes: 'allow', removed: 'show' } as const
    return this.#runtime.sql.prepared.run<T>(
      connection,
      binding,
      `idempotency.${name}`,
      (db: Kysely<any>, p) => build(db as IdempotencyDb, p),
      parameters,
    )
  }
}

/** Names a claim. */
export interface Held {
  readonly key: string
  readonly token: string
}

// `any`: a parameter fits every column it is compared with or written to.
type Parameter = (name: string) => any
