import { col, crudRoutes, defineEntity, definePlugin, route, type AdminContribution } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import * as z from 'zod'

/** A row with a column of every kind: what lists and forms must cope with. */
const Sample = defineEntity(
  'samples',
  {
    name: col.text(z.string().min(1).max(100)).filterable().sortable().searchable(),
    email: col.text(z.email().max(254)).nullable().filterable(),
    story: col.text(z.string().max(5000)).nullable(),
    size: col.enum(['small', 'large']).default('small').filterable().sortable(),
    count: col.integer().nullable().filterable().sortable(),
    share: col.real().nullable().filterable(),
    worth: col.amount().default(0).filterable().sortable(),
    price: col.money().nullable().filterable(),
    isOn: col.boolean().default(false).filterable(),
    at: col.timestamp().nullable().filterable().sortable(),
    details: col.json(z.record(z.string(), z.unknown())).nullable(),
    words: col.json(z.array(z.string().max(20)).max(5)).default([]),
    customerId: col
      .ref(() => Customer, { onMerge: 'move', onErase: 'anonymise' })
      .nullable()
      .filterable(),
  },
  { label: 'name', softDelete: true, description: 'One of everything.' },
)

const rights = { read: 'samples:read', write: 'samples:write' } as const

/** A plugin for tests of the admin: rows of all kinds, and a page with every control. */
export function gallery(files: URL) {
  const admin: AdminContribution = {
    files,
    panels: [
      {
        id: 'samples',
        path: '/samples',
        title: 'samples.nav',
        permission: rights.read,
        shows: { entity: Sample },
      },
      {
        id: 'own-samples',
        path: '/own-samples',
        title: 'samples.own',
        permission: rights.read,
        shows: { export: 'Samples' },
      },
      {
        id: 'gallery',
        path: '/gallery',
        title: 'gallery.nav',
        permission: rights.read,
        shows: { export: 'Gallery' },
      },
    ],
    words: { en: { 'samples.nav': 'Samples', 'samples.own': 'Own samples', 'gallery.nav': 'Gallery' } },
  }
  return definePlugin({
    id: 'gallery',
    version: '1.0.0',
    requires: { core: '*' },
    dependsOn: [customers],
    entities: [Sample],
    migrations: { '0001-samples': { up: (m) => m.createTable(Sample), down: (m) => m.dropTable('samples') } },
    permissions: { [rights.read]: { label: 'Read samples' }, [rights.write]: { label: 'Write samples' } },
    routes: {
      ...crudRoutes(Sample, { path: '/api/v1/samples', ...rights }),
      restore: route.post({
        path: '/api/v1/samples/:id/restore',
        permission: rights.write,
        summary: 'Undo the removal of a sample',
        params: z.object({ id: z.string() }),
        response: Sample.row,
        handler: ({ params }, ctx) => ctx.tx((t) => t.repo(Sample).restore(params.id)),
      }),
    },
    admin,
  })()
}
