import { defineJob, definePlugin, handleJob } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { openShop } from './shop.ts'

const Count = defineJob('counting.count', z.object({ word: z.string() }))
const counted: string[] = []
const counting = definePlugin({
  id: 'counting',
  version: '1.0.0',
  requires: { core: '*' },
  jobs: [
    handleJob(Count, async ({ word }, ctx) => {
      const rows = await ctx.db.selectFrom('customers').select('lastName').execute()
      counted.push(`${ctx.tenantId} ${word}: ${rows.map((row) => row['lastName'] as string).join()}`)
    }),
  ],
})

eachStorage((storage) => {
  test('a job sees the rows of the tenant it was enqueued for, and its key is taken in that tenant only', async () => {
    counted.splice(0)
    const shop = await openShop(storage, counting())
    const enqueue = (tenantId: string, word: string): Promise<string> =>
      shop.test.as({ tenantId }).tx((t) => t.enqueue(Count, { word }, { dedupeKey: 'today' }))
    const ids: string[] = []
    for (const tenantId of ['tenant-a', 'tenant-b']) {
      await shop.test.as({ tenantId }).tx((t) => t.repo(Customer).insert({ lastName: `of ${tenantId}` }))
      ids.push(await enqueue(tenantId, 'first'))
    }
    expect(new Set(ids).size).toBe(2)
    // The living duplicate of each is its own.
    expect(await enqueue('tenant-a', 'again')).toBe(ids[0])
    expect(await enqueue('tenant-b', 'again')).toBe(ids[1])
    await shop.test.drain()
    expect(counted.toSorted()).toEqual(['tenant-a first: of tenant-a', 'tenant-b first: of tenant-b'])
  })
})
