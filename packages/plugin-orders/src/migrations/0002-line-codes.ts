import type { Migration } from '@clientele/core'

const codes = { on: ['sku', 'orderId', 'quantity'] } as const

/** Who bought a code is found without reading every line. */
export const m0002LineCodes: Migration = {
  up: (m) => m.addIndex('orderLines', codes),
  down: (m) => m.dropIndex('orderLines', codes),
}
