import { setTimeout } from 'node:timers/promises'
import { Segments } from '@clientele/plugin-segments'
import type { Shop } from './shop.ts'

const EXAMPLES = [
  {
    name: 'Regulars',
    description: 'Five orders or more',
    condition: { type: 'metric', field: 'orderCount', operator: 'gte', value: 5 },
  },
  {
    name: 'Big spenders abroad',
    description: 'Over 1,000.00 and not from the United Kingdom',
    condition: {
      all: [
        { type: 'metric', field: 'totalSpend', operator: 'gt', value: 1000 },
        { type: 'attribute', field: 'country', operator: 'isNot', value: 'GB' },
      ],
    },
  },
  {
    name: 'Bought once',
    description: 'One order, no refund to speak of',
    condition: {
      all: [
        { type: 'metric', field: 'orderCount', operator: 'is', value: 1 },
        { not: { type: 'metric', field: 'totalSpend', operator: 'lte', value: 0 } },
      ],
    },
  },
]

/** Saves what is not there yet and waits until a worker has computed all of them. */
export async function saveExampleSegments(shop: Shop, signal: AbortSignal): Promise<void> {
  const { ctx, api } = shop.as()
  const { items } = await api.segments.list({ query: { limit: 100 } })
  const there = new Set(items.map((segment) => segment.name))
  for (const example of EXAMPLES.filter(({ name }) => !there.has(name))) {
    await ctx.tx((t) => t.get(Segments).create(t, example))
  }
  const computing = { query: { status: 'computing', limit: 1 } } as const
  while ((await api.segments.list(computing)).items.length > 0) await setTimeout(20, null, { signal })
}
