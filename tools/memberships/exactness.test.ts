import { fromTimestamp } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import { createTestClientele, eachStorage, seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import { flawsOf, happen, stillRule, timedCondition } from './world.fixture.ts'

const LONG = process.env['CLIENTELE_LONG'] === '1'
const PEOPLE = LONG ? 10_000 : 40
const SEGMENTS = LONG ? 50 : 15
const DAYS = LONG ? 60 : 8
/** Looks within a day, at instants where something should have changed, right before, and anywhere. */
const LOOKS = LONG ? 12 : 5
/** What people do between two looks, at most. */
const DEEDS = LONG ? 120 : 3

eachStorage((storage) => {
  test(
    `${SEGMENTS} segments, most with windows, are what an evaluation from scratch says, at every instant of ${DAYS} days`,
    { timeout: LONG ? 7_200_000 : 240_000 },
    async () => {
      const random = seededRandom(20_260_115)
      const t = await createTestClientele({
        storage,
        plugins: [customers(), inventory(), orders(), segments()],
      })
      const { ctx, api } = t.as()
      const ids: string[] = []
      const arrive = async (count: number): Promise<void> => {
        const rows = Array.from({ length: count }, () => ({ country: random.pick(['BR', 'PT', null]) }))
        for (let from = 0; from < rows.length; from += 500) {
          const made = await ctx.tx((tx) => tx.repo(Customer).insertMany(rows.slice(from, from + 500)))
          ids.push(...made.map(({ id }) => id))
        }
      }
      await arrive(PEOPLE)
      for (let n = 0; n < SEGMENTS; n++) {
        // Some have no window: of time they know only what is dated after now.
        const condition = n % 5 === 4 ? { ...stillRule(random) } : timedCondition(random)
        await api.segments.create({ body: { name: `Segment ${n}`, condition } })
      }
      await t.drain()
      const start = t.clock.now()
      let [compared, changed, looks, day] = [0, 0, 0, 0]
      while (t.clock.now() < start + DAYS * 86_400_000) {
        looks++
        if (LONG && t.clock.now() >= start + day * 86_400_000)
          console.log(
            `${storage}: day ${day++}, ${looks} looks, ${compared} members compared, ${changed} jobs`,
          )
        for (let n = 0; n < 1 + Math.floor(random.number() * DEEDS); n++)
          await ctx.tx((tx) => happen(tx, random, ids))
        if (random.number() < 0.1) await arrive(1)
        if (random.number() < 0.05) await ctx.tx((tx) => tx.repo(Customer).remove(ids.pop()!))
        t.clock.set(new Date(await nextLook()).toISOString())
        changed += await t.drain()
        const found = await flawsOf(ctx)
        expect(found.flaws, new Date(t.clock.now()).toISOString()).toEqual([])
        compared += found.compared
      }
      // What never changes and never holds proves little.
      expect(compared).toBeGreaterThan(DAYS * PEOPLE)
      expect(changed).toBeGreaterThan(DAYS)

      /** The instant of a timer, the last one before it, or any. */
      async function nextLook(): Promise<number> {
        const now = t.clock.now()
        const anywhere = now + Math.floor((random.number() * 2 * 86_400_000) / LOOKS) + 1
        const timer = await ctx.db
          .selectFrom('segmentTimers')
          .select('at')
          .where('at', '>', new Date(now + 60_000).toISOString())
          .where('at', '<=', new Date(anywhere).toISOString())
          .orderBy('at', random.pick(['asc', 'desc']))
          .limit(1)
          .executeTakeFirst()
        if (!timer) return anywhere
        const at = fromTimestamp(timer['at'])
        return random.pick([at, at, at - 1, anywhere])
      }
    },
  )
})
