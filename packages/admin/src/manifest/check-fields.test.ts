import { col, crudRoutes, defineEntity, definePlugin, extendEntity } from '@clientele/core'
import { createTestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { admin } from '../admin.plugin.ts'

const Guest = defineEntity('guests', { name: col.text() }, { label: 'name' })
const GuestStay = extendEntity(Guest, 'guestStays', { nights: col.integer().default(0) }, { as: 'stays' })

const guests = definePlugin({
  id: 'guests',
  version: '1.0.0',
  requires: { core: '^0.1.0' },
  entities: [Guest],
  permissions: { 'guests:read': { label: 'See guests' }, 'guests:write': { label: 'Change guests' } },
  routes: crudRoutes(Guest, {
    path: '/api/v1/guests',
    read: 'guests:read',
    write: 'guests:write',
    extensions: 'registered',
  }),
  migrations: {
    '0001-guests': {
      up: (m) => m.createTable({ name: 'guests', columns: { name: col.text() } }),
      down: (m) => m.dropTable('guests'),
    },
  },
})

const stays = (field: string) =>
  definePlugin({
    id: 'stays',
    version: '1.0.0',
    requires: { core: '^0.1.0' },
    dependsOn: [guests],
    entities: [GuestStay],
    migrations: {
      '0001-stays': {
        up: (m) =>
          m.createTable({
            name: 'guestStays',
            columns: { nights: col.integer().default(0) },
            extension: { base: Guest, as: 'stays' },
          }),
        down: (m) => m.dropTable('guestStays'),
      },
    },
    admin: {
      columns: [{ extension: GuestStay, field, width: 90 }],
      details: [{ extension: GuestStay, field, place: 'figure', order: 5 }],
    },
  })

test('a field of an extension is a column of its base, for whoever may list the base', async () => {
  const t = await createTestClientele({ plugins: [guests(), stays('nights')(), admin()] })
  const shownTo = async (...permissions: string[]) => {
    const { json } = await t.fetch('/api/v1/admin/manifest', { as: { permissions } })
    return [json.columns, json.details]
  }
  const name = { plugin: 'stays', entity: 'guests', name: 'stays.nights' }
  expect(await shownTo('guests:read')).toEqual([
    [{ ...name, width: 90, order: 100 }],
    [{ ...name, place: 'figure', order: 5, isEmptyAtZero: false, isSum: false }],
  ])
  expect(await shownTo('views:read')).toEqual([[], []])
})

test('a field that the extension does not have stops the start', async () => {
  await expect(createTestClientele({ plugins: [guests(), stays('night')(), admin()] })).rejects.toMatchObject(
    { code: 'admin.unknown_field' },
  )
})
