import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { segmentsShop } from '../segments.fixture.ts'

const byVisits = { type: 'trait', name: 'visits' }
const top = (count: number) => ({ type: 'top', by: byVisits, count })

eachStorage((storage) => {
  test('a segment that ranks holds the first places, and says as of when', async () => {
    const { t, api, segment, membersOf, visitors } = await ranked(storage)
    const [ana, bia, caio, davi, eva] = await visitors(5, 9, 9, null, 1)
    const id = await segment('Top 2', top(2))
    expect(await membersOf(id)).toEqual(sorted(bia, caio))
    const asOf = '2026-01-15T12:00:00.000Z'
    expect(await api.segments.get({ params: { id } })).toMatchObject({ status: 'live', rankedAt: asOf })
    expect(await api.segments.members({ params: { id } })).toMatchObject({ asOf })
    expect(await api.segments.explain({ params: { id }, query: { customerId: ana! } })).toMatchObject({
      ...{ member: false, met: false, asOf, changesAt: null },
      explanation: { seen: { value: 5, rank: 3, of: 4, lowest: 9, highest: 9 } },
    })
    expect(await api.segments.explain({ params: { id }, query: { customerId: davi! } })).toMatchObject({
      explanation: { met: false, seen: { value: null, rank: null, of: 4 } },
    })

    // Facts move nobody until it is ranked again, at most a quarter of an hour later.
    await api.customers.update({ params: { id: eva! }, body: { traits: { visits: 100 } } })
    expect(await membersOf(id)).toEqual(sorted(bia, caio))
    expect(await api.segments.explain({ params: { id }, query: { customerId: eva! } })).toMatchObject({
      ...{ member: false, met: true, asOf },
    })
    t.clock.advance('10m')
    await t.drain()
    // Of equal numbers, who came first.
    expect(await membersOf(id)).toEqual(sorted(bia, eva))
    const later = await api.segments.get({ params: { id } })
    expect(later).toMatchObject({ status: 'live', memberCount: 2, rankedAt: '2026-01-15T12:10:00.000Z' })
    const changes = await api.segments.listRunChanges({ params: { id, runId: later.runId! } })
    expect(changes.items.map(({ customerId }) => customerId)).toEqual([eva])
  })

  test('rankings that move nobody leave no runs behind', async () => {
    const { t, api, segment, visitors } = await ranked(storage)
    await visitors(5, 9)
    const id = await segment('Top', top(1))
    for (let n = 0; n < 4; n++) {
      t.clock.advance('10m')
      await t.drain()
    }
    const { items } = await api.segments.listRuns({ params: { id } })
    expect(items.map(({ reason }) => reason).toSorted()).toEqual(['created', 'due'])
    expect(await api.segments.get({ params: { id } })).toMatchObject({ rankedAt: '2026-01-15T12:40:00.000Z' })
  })

  test('segments that ask about one that ranks follow it, and pins hold against ranks', async () => {
    const { t, api, segment, membersOf, visitors } = await ranked(storage)
    const [ana, bia, caio] = await visitors(5, 9, 1)
    const id = await segment('Top', { all: [top(1), { not: { type: 'tag', name: 'staff' } }] })
    const others = await segment('Others', { not: { type: 'segment', segment: id } })
    expect([await membersOf(id), await membersOf(others)]).toEqual([[bia], [ana, caio]])
    await api.segments.setPin({ params: { id, customerId: bia! }, body: { mode: 'exclude' } })
    await api.segments.setPin({ params: { id, customerId: caio! }, body: { mode: 'include' } })
    expect([await membersOf(id), await membersOf(others)]).toEqual([[caio], [ana, bia]])
    await api.customers.update({ params: { id: ana! }, body: { traits: { visits: 10 } } })
    t.clock.advance('10m')
    await t.drain()
    expect([await membersOf(id), await membersOf(others)]).toEqual([sorted(ana, caio), [bia]])
    await api.segments.removePin({ params: { id, customerId: caio! } })
    await api.customers.remove({ params: { id: ana! } })
    t.clock.advance('10m')
    await t.drain()
    expect([await membersOf(id), await membersOf(others)]).toEqual([[], sorted(bia, caio)])
  })

  test('a static segment is ranked when it is asked to be, and one that ranks no more has no instant', async () => {
    const { t, api, membersOf, visitors } = await ranked(storage)
    const [ana, bia] = await visitors(5, 9)
    const { id } = await api.segments.create({
      body: {
        name: 'Then',
        kind: 'static',
        condition: { type: 'percentile', by: byVisits, from: 50, to: 100 },
      },
    })
    await t.drain()
    expect(await membersOf(id)).toEqual([bia])
    await api.customers.update({ params: { id: ana! }, body: { traits: { visits: 10 } } })
    t.clock.advance('1h')
    await t.drain()
    expect(await membersOf(id)).toEqual([bia])
    await api.segments.recompute({ params: { id } })
    await t.drain()
    expect(await membersOf(id)).toEqual([ana])
    await api.segments.update({ params: { id }, body: { condition: { all: [] } } })
    await t.drain()
    expect(await membersOf(id)).toEqual([ana, bia])
    expect(await api.segments.get({ params: { id } })).toMatchObject({ status: 'live', rankedAt: null })
  })
})

function sorted(...ids: readonly (string | undefined)[]): readonly string[] {
  return (ids as string[]).toSorted()
}

type Storage = Parameters<typeof segmentsShop>[0]

/** A shop with customers who came so often, in that order. */
async function ranked(storage: Storage) {
  const shop = await segmentsShop(storage)
  return {
    ...shop,
    visitors: async (...visits: readonly (number | null)[]): Promise<string[]> => {
      const ids: string[] = []
      for (const one of visits) {
        const { id } = await shop.api.customers.create({
          body: { traits: one === null ? {} : { visits: one } },
        })
        ids.push(id)
      }
      return ids
    },
  }
}
