import * as z from 'zod'
import { uuidSchema } from '../entity/column.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { nounsOf } from '../entity/nouns.ts'
import { reply, route, type Route } from '../http/route.ts'
import { Import, mappingSchema, rowProblemSchema, type ImportRow } from './import.entity.ts'
import { previewImport, startImport } from './import.service.ts'

const option = {
  fileId: uuidSchema.describe('An uploaded file: POST /api/v1/files'),
  mapping: mappingSchema
    .optional()
    .describe('Field by header; null leaves a column out. Headers not named are matched by their name'),
  key: z
    .string()
    .max(100)
    .nullable()
    .optional()
    .describe(
      'The field by which rows that exist are found and changed: id, externalId or a unique one; null makes every row a new one. Left out: id or externalId, where a column is mapped to it',
    ),
  source: z.string().min(1).max(100).optional().describe('Of rows with an externalId. Left out: csv'),
  emptyCells: z
    .enum(['skip', 'null'])
    .optional()
    .describe('skip (as when left out): an empty cell says nothing; null: it empties the column'),
  encoding: z.string().max(50).optional().describe('As the WHATWG names it; left out, it is detected'),
  delimiter: z.string().max(1).optional().describe('Left out, it is detected: , ; tab or |'),
}

const previewBody = z.strictObject(option)
const importBody = z.strictObject({
  ...option,
  dryRun: z.boolean().optional().describe('Everything but writing, with the same error file'),
})

const preview = z.object({
  fileName: z.string(),
  bytes: z.int(),
  encoding: z.string(),
  delimiter: z.string(),
  header: z.array(z.string()),
  mapping: mappingSchema.describe('A suggestion, to be sent back as it is or corrected'),
  key: z.string().nullable(),
  problems: z.array(z.string()).describe('Why the import would be refused'),
  fields: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      required: z.boolean(),
      allowed: z.array(z.string()).optional(),
    }),
  ),
  rows: z.array(z.object({ line: z.int(), cells: z.array(z.string()), problems: z.array(rowProblemSchema) })),
})

/** What a file looks like as rows. */
export type ImportPreview = z.output<typeof preview>
/** What an import takes. */
export type ImportBody = z.input<typeof importBody>

/** The routes that import into an entity, as typed callers see them. */
export interface ImportRoutes<Write extends string> {
  readonly previewImport: Route<{ readonly body: z.input<typeof previewBody> }, ImportPreview, Write>
  readonly startImport: Route<{ readonly body: ImportBody }, ImportRow, Write>
}

/** Part of `crudRoutes`. */
export function importRoutesOf<const Write extends string>(
  entity: AnyEntity,
  { path, write }: { readonly path: `/${string}`; readonly write: Write },
): ImportRoutes<Write> {
  const { many } = nounsOf(entity)
  return {
    previewImport: route.post({
      path: `${path}/import/preview`,
      permission: write,
      summary: `What a CSV file would be as ${many}: its format, a mapping, its first rows`,
      body: previewBody,
      response: preview,
      handler: ({ body: { fileId, ...options } }, ctx) => previewImport(ctx, entity.name, fileId, options),
    }),
    startImport: route.post({
      path: `${path}/import`,
      permission: write,
      summary: `Import ${many} from a CSV file`,
      description:
        'Answers at once; the import tells its progress under /api/v1/imports/{id}, and can be undone.',
      body: importBody,
      response: Import.row,
      status: 202,
      async handler({ body: { fileId, ...options } }, ctx) {
        const row = await startImport(ctx, entity.name, fileId, options)
        return reply(row, { headers: { location: `/api/v1/imports/${row.id}` } })
      },
    }),
  }
}
