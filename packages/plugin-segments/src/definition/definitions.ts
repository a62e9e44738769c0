import { isClienteleError, type Tx } from '@clientele/core'
import { environmentOf } from '../audience/environment.ts'
import { languageOf } from '../audience/language.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { DefinitionSet } from './definition-set.ts'
import { define, isRanking } from './definition.ts'

/** The lock that writers of facts share and that a change of definitions has for itself; see decision 0015. */
const LOCK = 'segments.definitions'
const KEY = 'definitions'

/** Definitions are kept for the tenants seen last. */
const TENANTS = 200

/** The definitions of segments, cached until one changes. */
export class Definitions {
  readonly #known = new Map<string, DefinitionSet>()

  /** The definitions as they stay until the transaction ends. Call it with the customers locked that it writes about. */
  async current(t: Tx<AudienceTables>): Promise<DefinitionSet> {
    await t.lockName(LOCK, 'shared')
    const set = await this.#load(t)
    if (set.lost.length > 0) await failLost(t, set.lost)
    return set
  }

  /** As {@link Definitions.current}, while nobody else writes memberships. Call it before any customer is locked. */
  async alone(t: Tx<AudienceTables>): Promise<DefinitionSet> {
    await t.lockName(LOCK)
    return this.#load(t)
  }

  /**
   * Changes definitions: once this transaction has committed, whoever writes facts knows them as they are then, and all
   * that was written before is there to be seen. Call it before any customer is locked.
   */
  async change<T>(t: Tx<AudienceTables>, write: () => Promise<T>): Promise<T> {
    await t.lockName(LOCK)
    // Twice: whoever loads meanwhile keeps half a change under an epoch that nobody else ever sees.
    await renew(t)
    const result = await write()
    await renew(t)
    return result
  }

  async #load(t: Tx<AudienceTables>): Promise<DefinitionSet> {
    const row = await t.db
      .selectFrom('segmentEpochs')
      .select('epoch')
      .where('key', '=', KEY)
      .executeTakeFirst()
    const epoch = row?.epoch ?? null
    const known = this.#known.get(t.tenantId)
    if (known?.epoch === epoch) return known
    const loaded = await load(t, epoch)
    this.#known.delete(t.tenantId)
    this.#known.set(t.tenantId, loaded)
    if (this.#known.size > TENANTS) this.#known.delete(this.#known.keys().next().value!)
    return loaded
  }
}

async function renew(t: Tx<AudienceTables>): Promise<void> {
  const [epoch, now] = [t.newId(), t.now()]
  await t.projection('the epoch of definitions tells caches, not people', async (db) => {
    const { numUpdatedRows } = await db
      .updateTable('segmentEpochs')
      .set({ epoch, updatedAt: now })
      .where('key', '=', KEY)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows > 0n) return
    const row = { id: epoch, version: 1, createdAt: now, updatedAt: now, key: KEY, epoch }
    await db.insertInto('segmentEpochs').values(row).execute()
  })
}

/** What changes from now on is not seen by segments that nobody can evaluate here: they are to be computed anew. */
function failLost(t: Tx<AudienceTables>, lost: readonly string[]): Promise<unknown> {
  return t.projection('whether members are followed belongs to no version', (db) =>
    db
      .updateTable('segments')
      .set({ status: 'failed' })
      .where('id', 'in', lost)
      .where('status', '=', 'live')
      .execute(),
  )
}

async function load(t: Tx<AudienceTables>, epoch: string | null): Promise<DefinitionSet> {
  const language = languageOf(t)
  const environment = await environmentOf(t)
  const segments =
    epoch === null
      ? []
      : await t.db
          .selectFrom('segments')
          .select(['id', 'kind', 'status', 'definition', 'runId', 'hasPins', 'condition'])
          .where('kind', 'in', ['dynamic', 'manual'])
          .orderBy('id')
          .execute()
  const lost: string[] = []
  const defined = segments.flatMap((segment) => {
    try {
      const definition = define(language, segment, environment)
      return isRanking(language, definition.condition) ? [] : [definition]
    } catch (error) {
      // A plugin that brought one of its condition types is gone: nobody can say who is in.
      if (!isClienteleError(error)) throw error
      t.log.warn({ segmentId: segment.id, err: error }, 'segment cannot be evaluated any more')
      lost.push(segment.id)
      return []
    }
  })
  return new DefinitionSet(epoch, language, environment, { defined, lost })
}
