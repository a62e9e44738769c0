import type { Shop } from '../../examples/shop/src/shop.ts'
import { fillOrders } from './orders.fixture.ts'

const NAMES = ['Ana', 'Bruno', 'Carla', 'Davi', 'Elena', 'Farid', 'Greta', 'Hana'] as const
const COUNTRIES = ['BR', 'PT', 'DE', 'GB'] as const

/** Some customers of all kinds: enough for two pages of a list, the same in every run. */
export async function fillShop(shop: Shop): Promise<void> {
  const { api } = shop.as()
  for (let n = 0; n < 120; n++) {
    await api.customers.create({
      body: {
        firstName: NAMES[n % NAMES.length]!,
        lastName: `Silva ${String(n).padStart(3, '0')}`,
        email: `person-${n}@example.com`,
        country: COUNTRIES[n % COUNTRIES.length]!,
      },
    })
  }
  await fillOrders(shop)
}
