import { defineService, KeyIndexes, lostRace, type Ctx, type Tx } from '@clientele/core'
import type * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'
import { customersErrors } from '../customers.errors.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { PromotedTrait } from './promoted-trait.entity.ts'
import { KeepTraitIndexes } from './trait.jobs.ts'
import { TraitDefinition } from './trait-definition.entity.ts'

type Definition = z.output<typeof TraitDefinition.row>

/** The traits a shop knows, and those it asks for often. */
export interface TraitRegistryService {
  /**
   * Promotes a trait: an index over its values is made in the background, of all customers of the instance, and
   * conditions such as `plan is 'pro'` find their customers by it from then on. Promoting it again changes nothing.
   * @throws `entity.not_found`, `customers.too_many_promoted`
   */
  promote(t: Tx, definitionId: string): Promise<Definition>
  /** Takes the promotion back; the index goes with the last tenant that asked for it. @throws `entity.not_found` */
  demote(t: Tx, definitionId: string): Promise<Definition>
}

export const TraitRegistry = defineService<TraitRegistryService>('customers.traits')

/** Promoted traits of an instance: each write of a customer keeps up every index. */
const MOST = 16

export function createTraitRegistry(): TraitRegistryService {
  return { promote, demote }
}

/** Makes the indexes of the database those that are asked for; called by the job. */
export async function keepTraitIndexes(ctx: Ctx<CustomersTables>): Promise<void> {
  const asked = await ctx.db.selectFrom('promotedTraits').select(['id', 'name', 'tenants']).execute()
  const wanted = asked.filter(({ tenants }) => tenants > 0)
  await ctx.get(KeyIndexes).keep(
    ctx,
    Customer,
    'traits',
    wanted.map(({ name }) => name),
  )
  await ctx.tx(async (t) => {
    for (const { id, tenants } of asked) {
      await t.lock(PromotedTrait, [id])
      const now = await t.repo(PromotedTrait).find(id)
      // Whoever asked meanwhile has a job of their own.
      if (!now || now.tenants > 0 !== tenants > 0) continue
      if (tenants === 0) await t.repo(PromotedTrait).remove(id)
      else if (now.state === 'building') await t.repo(PromotedTrait).patch(id, { state: 'ready' })
    }
  })
}

async function promote(t: Tx<CustomersTables>, definitionId: string): Promise<Definition> {
  await t.lock(TraitDefinition, [definitionId])
  const definition = await t.repo(TraitDefinition).get(definitionId)
  if (definition.promotedAt !== null) return definition
  const promoted = await t.db.selectFrom('promotedTraits').select(['id', 'name', 'tenants']).execute()
  const known = promoted.find(({ name }) => name === definition.name)
  if (known) {
    await t.lock(PromotedTrait, [known.id])
    const { tenants } = await t.repo(PromotedTrait).get(known.id)
    await t.repo(PromotedTrait).patch(known.id, { tenants: tenants + 1 })
  } else {
    if (promoted.length >= MOST)
      throw customersErrors['customers.too_many_promoted']({ name: definition.name, limit: MOST })
    const row = { name: definition.name, tenants: 1, state: 'building' } as const
    await t
      .repo(PromotedTrait)
      .insert(row)
      .catch((error: unknown) => {
        throw lostRace(error)
      })
  }
  await t.enqueue(KeepTraitIndexes, {})
  return t.repo(TraitDefinition).patch(definitionId, { promotedAt: t.now() })
}

async function demote(t: Tx<CustomersTables>, definitionId: string): Promise<Definition> {
  await t.lock(TraitDefinition, [definitionId])
  const definition = await t.repo(TraitDefinition).get(definitionId)
  if (definition.promotedAt === null) return definition
  const known = await t.db
    .selectFrom('promotedTraits')
    .select('id')
    .where('name', '=', definition.name)
    .executeTakeFirst()
  if (known) {
    await t.lock(PromotedTrait, [known.id])
    const { tenants } = await t.repo(PromotedTrait).get(known.id)
    await t.repo(PromotedTrait).patch(known.id, { tenants: Math.max(0, tenants - 1) })
    await t.enqueue(KeepTraitIndexes, {})
  }
  return t.repo(TraitDefinition).patch(definitionId, { promotedAt: null })
}
