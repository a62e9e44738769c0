import { col, type Migration } from '@clientele/core'
import * as z from 'zod'

export const m0001Segments: Migration = {
  async up(m) {
    await m.createTable({
      name: 'segments',
      columns: {
        name: col.text().unique(),
        description: col.text().nullable(),
        condition: col.json(z.unknown()),
        memberCount: col.integer().nullable(),
        evaluatedAt: col.timestamp().nullable(),
      },
      options: { softDelete: true },
    })
  },
  async down(m) {
    await m.dropTable('segments')
  },
}
