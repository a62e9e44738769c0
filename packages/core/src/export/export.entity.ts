import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, type RowOf } from '../entity/entity.ts'

/**
 *   waiting ─▶ running ─▶ done
 *      │          ├─▶ failed
 *      └──────────┴─▶ cancelled
 */
const exportStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const

/** A file that is made of many rows, later. */
export const ExportEntity = defineEntity(
  'exports',
  {
    name: col.text(z.string().min(1).max(255)).describe('Of the file: customers.csv'),
    entity: col.text(z.string().max(100)).filterable().describe('Whose rows: customers'),
    query: col.json(z.record(z.string(), z.json())).describe('Which rows, as the list takes it'),
    columns: col.json(z.array(z.string())),
    bom: col.boolean().default(false),
    permission: col.text(z.string().max(100)).describe('Whoever holds it sees the export'),
    state: col.enum(exportStates).default('waiting').filterable(),
    rowsDone: col.integer().default(0),
    rowsTotal: col.integer().nullable().describe('When it began'),
    fileId: col.id().nullable(),
    error: col.text(z.string().max(2000)).nullable(),
    finishedAt: col.timestamp().nullable(),
    expiresAt: col.timestamp().index().describe('The file and this row go after it'),
  },
  { label: 'name', audited: false, description: 'Files made of many rows' },
)

export type ExportRow = RowOf<typeof ExportEntity>
