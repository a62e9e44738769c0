import * as z from 'zod'
import { ClienteleError } from '../errors/clientele-error.ts'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { crudRoutes } from '../http/crud.ts'
import { reply, route } from '../http/route.ts'
import type { Migration } from '../migration/migration.ts'
import { definePlugin } from '../plugin/plugin.ts'

const Note = defineEntity('notes', { title: col.text() })

const m0001Notes: Migration = {
  up: (m) => m.createTable({ name: 'notes', columns: { title: col.text() } }),
  down: (m) => m.dropTable('notes'),
}

/** What a handler waits for before it answers; a test opens the gate. */
export const gate = { wait: async (): Promise<void> => {} }

const body = z.object({ title: z.string(), more: z.string().optional() })
const one = { permission: 'notes:write', body, response: Note.row } as const

/** Notes, and routes that fail or answer in every way a handler can. */
export const notes = definePlugin({
  id: 'notes',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Note],
  migrations: { '0001-notes': m0001Notes },
  permissions: { 'notes:read': { label: 'Read' }, 'notes:write': { label: 'Write' } },
  routes: {
    ...crudRoutes(Note, { path: '/api/v1/notes', read: 'notes:read', write: 'notes:write' }),
    slow: route.post({
      ...one,
      path: '/api/v1/slow-notes',
      summary: 'Write a note when the gate opens',
      status: 201,
      async handler({ body: values }, ctx) {
        const row = await ctx.tx((t) => t.repo(Note).insert({ title: values.title }))
        await gate.wait()
        return reply(row, { headers: { location: `/api/v1/notes/${row.id}`, 'x-of-mine': 'yes' } })
      },
    }),
    broken: route.post({
      ...one,
      path: '/api/v1/broken-notes',
      summary: 'Write a note, then fail',
      async handler({ body: values }, ctx) {
        await ctx.tx((t) => t.repo(Note).insert({ title: values.title }))
        await gate.wait()
        if (values.title === 'crash') throw new Error('a bug')
        if (values.title === 'refuse') return reply<never>(null, { status: 409 })
        throw new ClienteleError('No', { code: 'notes.no', status: 422, title: 'No' })
      },
    }),
    counted: route.post({
      ...one,
      path: '/api/v1/counted-notes',
      summary: 'Write a note and count the population',
      async handler({ body: values }, ctx) {
        const row = await ctx.tx((t) => t.repo(Note).insert({ title: values.title }))
        await ctx.population.run(ctx.db.selectFrom('notes').select('id'))
        return row
      },
    }),
    large: route.post({
      path: '/api/v1/large-notes',
      permission: 'notes:write',
      summary: 'Write a note and answer more than is kept',
      body,
      response: z.object({ text: z.string() }),
      async handler({ body: values }, ctx) {
        await ctx.tx((t) => t.repo(Note).insert({ title: values.title }))
        return { text: 'x'.repeat(1_100_000) }
      },
    }),
    upload: route.post({
      path: '/api/v1/uploads',
      permission: 'notes:write',
      summary: 'Read the body as a stream',
      response: z.object({ bytes: z.number() }),
      async handler({ stream }) {
        let bytes = 0
        for await (const chunk of stream) bytes += chunk.byteLength
        return { bytes }
      },
    }),
    attach: route.post({
      path: '/api/v1/attachments',
      permission: 'notes:write',
      summary: 'Says that its body is a stream',
      consumes: '*/*',
      handler: () => {},
    }),
    ignoring: route.post({
      ...one,
      path: '/api/v1/ignoring-notes',
      summary: 'Write a note whatever the key',
      idempotency: 'ignored',
      handler: ({ body: values }, ctx) => ctx.tx((t) => t.repo(Note).insert({ title: values.title })),
    }),
    clear: route.delete({
      path: '/api/v1/notes',
      permission: 'notes:write',
      summary: 'Remove all notes',
      async handler(_, ctx) {
        const all = await ctx.db.selectFrom('notes').select('id').execute()
        await ctx.tx((t) => t.repo(Note).removeMany(all.map(({ id }) => id)))
      },
    }),
  },
})
