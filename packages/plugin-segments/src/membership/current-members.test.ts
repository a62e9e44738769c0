import { Customer } from '@clientele/plugin-customers'
import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { segmentsShop } from '../segments.fixture.ts'
import { currentMembers } from './current-members.ts'
import { Membership } from './membership.entity.ts'
import { Segment } from '../segment/segment.entity.ts'

eachStorage((storage) => {
  test('of more segments than a number has bits everybody is found in theirs', async () => {
    const { t } = await segmentsShop(storage)
    await t.as().tx(async (tx) => {
      const rows = Array.from({ length: 65 }, (_, n) => ({ name: `Segment ${n}`, condition: { all: [] } }))
      const segments = (await tx.repo(Segment).insertMany(rows)).map(({ id }) => id)
      const [ana, rui] = (await tx.repo(Customer).insertMany([{}, {}, {}])).map(({ id }) => id) as [
        string,
        string,
      ]
      const stays = [0, 29, 30, 59, 60, 64].map((n) => [segments[n]!, ana] as const)
      const others = [[segments[30]!, rui] as const]
      const enteredAt = tx.now()
      await tx.repo(Membership).insertMany(
        [...stays, ...others].map(([segmentId, customerId]) => ({
          ...{ segmentId, customerId, enteredAt, enteredBy: 'facts' as const },
        })),
      )
      const found = async (asked: readonly string[]) =>
        [...(await currentMembers(tx, asked, [ana, rui]))].flatMap(([segment, members]) =>
          [...members].map((member) => `${segment}/${member}`),
        )
      expect((await found(segments)).toSorted()).toEqual(
        [...stays, ...others].map((stay) => stay.join('/')).toSorted(),
      )
      expect(await found(segments.slice(1, 30))).toEqual([`${segments[29]}/${ana}`])
    })
  })
})
