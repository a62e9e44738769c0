import { coreErrors, TenantSettings, type Ctx, type Timestamp } from '@clientele/core'
import { COUNTED_STATES } from '../order/order-state.ts'
import type { CommerceTables } from '../orders.tables.ts'
import { startOfDay } from './calendar.ts'
import type { Span } from './period.ts'

/** What was sold each day of a period, the earliest first; days without a sale are among them. */
export interface DailySales extends Span {
  readonly currency: string
  readonly days: readonly DayOfSales[]
}

/** What was sold on a day as the tenant's time zone has it. */
export interface DayOfSales {
  /** The instant at which it begins. */
  readonly from: Timestamp
  /** Totals of the paid and fulfilled orders placed on it, in minor units of the reporting currency. */
  readonly sales: number
  readonly orders: number
}

/** The longest period: each day is a comparison in the statement. */
const MOST_DAYS = 92

/** So many days up to now, today among them. @throws `http.invalid_request` for more than 92 */
export async function dailySales(ctx: Ctx<CommerceTables>, count: number): Promise<DailySales> {
  if (count > MOST_DAYS) {
    const issues = [{ path: 'period', message: `must be ${MOST_DAYS} days or fewer` }]
    throw coreErrors['http.invalid_request']({ part: 'query', issues })
  }
  const { currency, timeZone } = await ctx.settings(TenantSettings)
  const to = ctx.now()
  const begins = Array.from({ length: count }, (_, at) => startOfDay(to, timeZone, at + 1 - count))
  const from = begins[0]!
  const sold = ctx.db
    .selectFrom('orders')
    .where('state', 'in', COUNTED_STATES)
    .where('placedAt', '>=', from)
    .where('placedAt', '<', to)
    .select((eb) => {
      // Instants of the zone's midnights: days on which clocks are changed are no exception.
      const first = eb
        .case()
        .when('placedAt', '>=', begins.at(-1)!)
        .then(count - 1)
      const day = begins
        .slice(1, -1)
        .map((begin, at) => [begin, at + 1] as const)
        .reduceRight((cases, [begin, at]) => cases.when('placedAt', '>=', begin).then(at), first)
      return ['baseTotal', ctx.sql.as(day.else(0).end(), 'integer', 'day')]
    })
  const rows = await ctx.population.run(
    ctx.db
      .selectFrom(sold.as('sold'))
      .groupBy('day')
      .select((eb) => [
        'day',
        eb.fn.countAll<number>().as('orders'),
        ctx.sql.as(eb.fn.sum<number>('baseTotal'), 'integer', 'sales'),
      ]),
  )
  const found = new Map(rows.map((row) => [row.day, row]))
  const days = begins.map((begin, at) => {
    const { sales = 0, orders = 0 } = found.get(at) ?? {}
    return { from: begin, sales, orders }
  })
  return { currency, from, to, days }
}
