import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { createTestClientele, type TestStorage } from '@clientele/testing'
import { segments } from './segments.plugin.ts'

export const inBrazil = { type: 'attribute', field: 'country', operator: 'is', value: 'BR' }

/** A shop without customers, and what tests of segments ask of it. */
export async function segmentsShop(storage: TestStorage) {
  const t = await createTestClientele({ storage, plugins: [customers(), inventory(), orders(), segments()] })
  const { api } = t.as()
  return {
    t,
    api,
    /** Saves a segment and has its members computed. */
    segment: async (name: string, condition: Record<string, unknown>): Promise<string> => {
      const { id } = await api.segments.create({ body: { name, condition } })
      await t.drain()
      return id
    },
    /** The ids of the members, in order. */
    membersOf: async (id: string): Promise<string[]> => {
      const { items } = await api.segments.members({ params: { id }, query: { limit: 200 } })
      return items.map((row) => row.id).toSorted()
    },
  }
}
