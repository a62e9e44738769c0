import { col, type Migration } from '@clientele/core'

const rankedAt = col.timestamp().nullable()

export const m0003Rankings: Migration = {
  async up(m) {
    await m.addColumn('segments', 'rankedAt', rankedAt)
  },
  async down(m) {
    await m.dropColumn('segments', 'rankedAt', rankedAt)
  },
}
