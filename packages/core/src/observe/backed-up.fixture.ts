import { col, defineEntity, definePlugin } from '../index.ts'

const columns = { n: col.integer(), text: col.text() }
export const Entry = defineEntity('entries', columns)

/** A plugin with something to back up. */
export const backedUp = definePlugin({
  id: 'backed-up',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Entry],
  migrations: {
    '0001-entries': {
      up: (m) => m.createTable({ name: 'entries', columns }),
      down: (m) => m.dropTable('entries'),
    },
  },
})
