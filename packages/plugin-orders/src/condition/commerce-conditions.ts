import type { ConditionType } from '@clientele/conditions'
import { bought } from './bought.ts'
import { firstOrLastOrder } from './order-conditions.ts'
import { orderFigures } from './order-figures.ts'
import { refundFigures } from './refund-figures.ts'

/** What can be asked about orders, refunds and what was bought. */
// `any`: types of unrelated leaves stand in one list; the schema guards each.
export const commerceConditions: readonly ConditionType<any>[] = [
  orderFigures,
  refundFigures,
  firstOrLastOrder,
  bought,
]
