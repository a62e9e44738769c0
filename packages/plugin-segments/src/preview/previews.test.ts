import type { Ctx } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import { eachStorage, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { Audience } from '../audience/audience.service.ts'
import { inBrazil, segmentsShop } from '../segments.fixture.ts'
import { CustomerSamples } from './customer-sample.ts'

/** An estimate will do at once, and asks some of the customers. */
const hasty = { patience: 0, asks: 120 }
const top30 = { type: 'top', by: { type: 'trait', name: 'visits' }, count: 30 }

eachStorage((storage) => {
  test('what cannot be counted at once is estimated, and then counted', async () => {
    const { ctx, audience, slow } = await shop(storage)
    const first = await audience.preview(slow.ctx, inBrazil, { ...hasty, latest: 'mine' })
    const { estimate, count } = first
    expect(estimate!.asked).toBeGreaterThan(60)
    expect(estimate!.asked).toBeLessThan(180)
    expect(estimate!.error).toBe(Math.max(count - estimate!.low, estimate!.high - count))
    expect([estimate!.low <= count, count <= estimate!.high]).toEqual([true, true])
    expect(Math.abs(count - 100)).toBeLessThanOrEqual(2 * estimate!.error)
    expect(first.share).toBeCloseTo(count / 300)
    expect(first.sample.map(({ country }) => country)).toEqual(Array.from({ length: 10 }, () => 'BR'))

    // The count goes on, and whoever asks once more waits for the same.
    const exact = audience.preview(ctx, inBrazil, { latest: 'mine', exact: true })
    slow.release()
    expect(await exact).toMatchObject({ count: 100, estimate: null, share: 1 / 3, asOf: first.asOf })
    expect(slow.held).toBe(1)
  })

  test('what is counted in time is exact', async () => {
    const { ctx, audience } = await shop(storage)
    const counted = await audience.preview(ctx, inBrazil, { patience: 60_000 })
    expect(counted).toMatchObject({ count: 100, estimate: null })
  })

  test('where there are few customers all are asked, and the first answer is exact', async () => {
    const { audience, slow, ctx, t } = await shop(storage)
    const few = { patience: 0, asks: 1000 }
    expect(await audience.preview(slow.ctx, inBrazil, few)).toMatchObject({ count: 100, estimate: null })
    // Of whom nobody is kept.
    await t.as().tx((tx) => tx.repo(Customer).insert({ country: 'BR' }))
    expect(await audience.preview(heldUp(ctx).ctx, { all: [inBrazil] }, few)).toMatchObject({ count: 101 })
  })

  test('ranks are estimated among those who were asked', async () => {
    const { ctx, audience, slow } = await shop(storage)
    const condition = { any: [top30, { type: 'trait', name: 'visits', operator: 'is', value: 299 }] }
    const { estimate, count, sample } = await audience.preview(slow.ctx, condition, hasty)
    expect(Math.abs(count - 30)).toBeLessThanOrEqual(estimate!.error)
    // Those who came most often of those who were asked.
    for (const { traits } of sample) expect(traits['visits']).toBeGreaterThan(200)
    slow.release()
    expect(await audience.preview(ctx, condition, { exact: true })).toMatchObject({
      count: 30,
      estimate: null,
    })
  })

  test('a later preview of the same key drops the one before, and the same one joins it', async () => {
    const { ctx, audience, slow } = await shop(storage)
    const [latest, exact] = ['mine', true]
    const waiting = Promise.allSettled([
      audience.preview(slow.ctx, inBrazil, { latest, exact }),
      audience.preview(slow.ctx, inBrazil, { latest, exact }),
    ])
    const other = { ...inBrazil, value: 'PT' }
    await slow.reached
    expect(await audience.preview(ctx, other, { latest, exact })).toMatchObject({ count: 200 })
    expect(await waiting).toMatchObject([
      { status: 'rejected', reason: { code: 'storage.superseded' } },
      { status: 'rejected', reason: { code: 'storage.superseded' } },
    ])
    expect(slow.held).toBe(1)
    expect(slow.wasDropped()).toBe(true)
  })

  test('a count ends when those who wait for it have gone, and goes on for others', async () => {
    const { ctx, audience, slow } = await shop(storage)
    const gone = new AbortController()
    const left = audience.preview(withSignal(slow.ctx, gone.signal), inBrazil, { exact: true })
    const settled = Promise.allSettled([left])
    await slow.reached
    const other = audience.preview(ctx, inBrazil, { exact: true })
    gone.abort(new Error('the connection was closed'))
    expect(await settled).toMatchObject([{ status: 'rejected', reason: gone.signal.reason }])
    expect(await other).toMatchObject({ count: 100, estimate: null })
  })

  test('whoever waits for customers to be drawn gets them, though whoever began to draw them has gone', async () => {
    const { ctx, slow } = await shop(storage)
    const samples = new CustomerSamples()
    const [gone, here] = [new AbortController(), new AbortController()]
    const drawn = samples.get(slow.ctx, 120, gone.signal)
    await slow.reached
    const others = [samples.get(ctx, 120, here.signal), samples.get(ctx, 120, here.signal)]
    gone.abort(new Error('the connection was closed'))
    await expect(drawn).rejects.toThrow('the connection was closed')
    expect((await Promise.all(others)).map(({ of }) => of)).toEqual([300, 300])
  })

  test('what nobody waits for any more is not even asked of the database', async () => {
    const { audience, slow } = await shop(storage)
    const gone = new AbortController()
    const left = audience.preview(withSignal(slow.ctx, gone.signal), inBrazil, { exact: true })
    gone.abort(new Error('the connection was closed'))
    await expect(left).rejects.toThrow('the connection was closed')
    expect(slow.held).toBe(0)
  })
})

/** 300 customers who came 0 to 299 times, every third from Brazil; and a context in which the first count is held up. */
async function shop(storage: TestStorage) {
  const { t } = await segmentsShop(storage)
  const { ctx, tx } = t.as()
  await tx((one) =>
    one.repo(Customer).insertMany(
      Array.from({ length: 300 }, (_, visits) => ({
        country: visits % 3 === 0 ? 'BR' : 'PT',
        traits: { visits },
      })),
    ),
  )
  return { t, ctx, audience: ctx.get(Audience), slow: heldUp(ctx) }
}

function heldUp(ctx: Ctx) {
  const [released, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let [calls, held] = [0, 0]
  let dropped: AbortSignal | undefined
  const population: Ctx['population'] = {
    async run(query, options) {
      if (calls++ > 0) return ctx.population.run(query, options)
      held++
      dropped = options?.signal
      reached.resolve()
      await Promise.race([released.promise, aborted(options?.signal)])
      return ctx.population.run(query, options)
    },
  }
  return {
    ctx: new Proxy(ctx, {
      get: (of, name) => (name === 'population' ? population : (Reflect.get(of, name, of) as unknown)),
    }),
    release: () => released.resolve(),
    reached: reached.promise,
    get held() {
      return held
    },
    wasDropped: () => dropped?.aborted,
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
}

function withSignal(ctx: Ctx, signal: AbortSignal): Ctx {
  return new Proxy(ctx, {
    get(of, name) {
      if (name === 'signal') return signal
      if (name !== 'population') return Reflect.get(of, name, of) as unknown
      const run: Ctx['population']['run'] = (query, options) =>
        of.population.run(query, { ...options, signal: AbortSignal.any([signal, options!.signal!]) })
      return { run }
    },
  })
}
