import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, extendEntity } from '../entity/entity.ts'
import { crudRoutes } from '../http/crud.ts'
import { defineJob, handleJob, type JobCtx } from '../job/job.ts'
import { definePlugin, type AnyPlugin } from '../plugin/plugin.ts'

export const Note = defineEntity('notes', { text: col.text(), rank: col.integer().default(0) })
export const Secret = defineEntity('secrets', { text: col.text() })
export const Shelf = defineEntity('shelves', { text: col.text() }, { live: { read: 'notes:read' } })
const Tick = defineEntity('ticks', { text: col.text() }, { live: false })
const Draft = defineEntity('drafts', { text: col.text() })
export const NoteStars = extendEntity(Note, 'noteStars', { stars: col.integer().default(0) }, { as: 'stars' })

export const Count = defineJob('notes.count', z.object({ to: z.number() }))

/** Entities of every sort, and a job whose run the test holds in its hands. */
export function notes(
  run: (input: { to: number }, ctx: JobCtx) => Promise<void> = async () => {},
): AnyPlugin {
  const paths = { read: 'notes:read', write: 'notes:write' } as const
  return definePlugin({
    id: 'notes',
    version: '1.0.0',
    requires: { core: '*' },
    entities: [Note, Secret, Shelf, Tick, Draft, NoteStars],
    migrations: {
      '0001-notes': {
        async up(m) {
          for (const entity of [Note, Secret, Shelf, Tick, Draft, NoteStars]) await m.createTable(entity)
        },
        async down(m) {
          for (const { name } of [NoteStars, Draft, Tick, Shelf, Secret, Note]) await m.dropTable(name)
        },
      },
    },
    permissions: {
      'notes:read': { label: 'See notes' },
      'notes:write': { label: 'Change notes' },
      'secrets:read': { label: 'See secrets' },
      'secrets:write': { label: 'Change secrets' },
    },
    jobs: [handleJob(Count, run)],
    routes: {
      ...crudRoutes(Note, { path: '/api/v1/notes', ...paths }),
      listSecrets: crudRoutes(Secret, {
        path: '/api/v1/secrets',
        read: 'secrets:read',
        write: 'secrets:write',
      }).list,
      listTicks: crudRoutes(Tick, { path: '/api/v1/ticks', ...paths }).list,
    },
  })()
}
