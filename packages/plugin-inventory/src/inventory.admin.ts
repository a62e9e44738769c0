import type { AdminContribution } from '@clientele/core'
import { en } from './admin-words/en.ts'
import { pt } from './admin-words/pt.ts'
import { Product } from './product/product.entity.ts'

/** The list of products, beside the orders. */
export const inventoryAdmin: AdminContribution = {
  panels: [
    {
      id: 'products',
      path: '/products',
      title: 'entity.products',
      icon: 'box',
      section: 'sell',
      order: 20,
      permission: 'inventory:read',
      shows: { entity: Product },
    },
  ],
  words: { en, pt },
}
