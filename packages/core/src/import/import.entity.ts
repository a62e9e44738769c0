import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, type RowOf } from '../entity/entity.ts'

/**
 *   waiting ─▶ running ─▶ done ──────┐
 *      │          ├─────▶ failed ────┤
 *      └──────────┴─────▶ cancelled ─┴─▶ undoing ─▶ undone
 *
 * An undo that fails ends as failed as well, and can be asked for again.
 */
const importStates = ['waiting', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone'] as const

/** Field by header; null leaves the column out. */
export const mappingSchema = z.record(z.string(), z.string().nullable())

const count = (about: string) => col.integer().default(0).describe(about)

/** A CSV file on its way into an entity: what was asked for, how far it is, what became of its rows. */
export const Import = defineEntity(
  'imports',
  {
    entity: col.text(z.string().max(100)).filterable().describe('Whose rows the file holds'),
    fileId: col.id(),
    fileName: col.text(z.string().max(255)).describe('As it was uploaded'),
    encoding: col.text(z.string().max(50)).describe('As the WHATWG names it: utf-8, windows-1252'),
    delimiter: col.text(z.string().max(1)),
    header: col.json(z.array(z.string())).describe('The columns of the file in order'),
    mapping: col.json(mappingSchema).describe('Field by header; null: the column is left out'),
    key: col
      .text(z.string().max(100))
      .nullable()
      .describe('The field by which rows that exist are found and changed; null: every row is new'),
    sourceName: col.text(z.string().max(100)).describe('What rows with an externalId get as their source'),
    emptyCells: col
      .enum(['skip', 'null'])
      .describe('skip: an empty cell says nothing; null: it empties the column'),
    dryRun: col.boolean().describe('Everything but writing'),
    state: col.enum(importStates).filterable(),
    read: count('Rows of the file so far, its header not among them'),
    inserted: count('Rows that are new'),
    updated: count('Rows that were there and changed'),
    unchanged: count('Rows that were there and said nothing new'),
    failed: count('Rows that were refused; they stand in the error file'),
    bytesTotal: col.integer().describe('Of the file'),
    bytesRead: count('Of the file so far'),
    slices: count('Transactions so far'),
    errorFileId: col.id().nullable().describe('A CSV file of the refused rows, once the import has ended'),
    undone: count('Rows that the undo took back'),
    kept: count('Rows that the undo left because they were changed since'),
    undoFileId: col.id().nullable().describe('A CSV file of the kept rows'),
    startedAt: col.timestamp().nullable(),
    finishedAt: col.timestamp().nullable(),
    message: col.text(z.string().max(2000)).nullable().describe('Why it failed'),
  },
  { label: 'fileName', audited: false, description: 'CSV files on their way into an entity' },
)

export type ImportRow = RowOf<typeof Import>

/** A cell that could not be taken, or a row of which no single cell is to blame. */
export const rowProblemSchema = z.object({
  column: z.string().nullable().describe('The header of the cell; null when it is about the row'),
  value: z.string().nullable(),
  reason: z.string(),
})

/** A row that was refused, as the file had it. */
const refusedRowSchema = z.object({
  line: z.int(),
  cells: z.array(z.string()),
  problems: z.array(rowProblemSchema),
})

/** What an import changed of one row that was there, so that it can be set back. */
const patchedRowSchema = z.object({
  id: z.string(),
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
  /** Made while this import ran, perhaps by it. */
  fresh: z.boolean(),
})

/** A row that an undo left as it is. */
const keptRowSchema = z.object({ id: z.string(), reason: z.string() })

export type RowProblem = z.infer<typeof rowProblemSchema>
export type RefusedRow = z.infer<typeof refusedRowSchema>
export type PatchedRow = z.infer<typeof patchedRowSchema>
export type KeptRow = z.infer<typeof keptRowSchema>

/**
 * One transaction of an import, written together with its rows: what was committed is known exactly, so a killed import
 * goes on behind it, and an undo takes back what it names.
 */
export const ImportSlice = defineEntity(
  'importSlices',
  {
    importId: col.ref(() => Import, { onDelete: 'cascade' }),
    seq: col.integer().describe('From 0'),
    fromLine: col.integer(),
    toLine: col.integer(),
    ids: col.text(z.string()).describe('Of inserted rows: 16 bytes each, as base64'),
    patched: col.json(z.array(patchedRowSchema)).describe('Changed rows with what they held before'),
    refused: col.json(z.array(refusedRowSchema)),
    isUndone: col.boolean().default(false),
    kept: col.json(z.array(keptRowSchema)).default([]).describe('What the undo left'),
    restored: col
      .json(z.record(z.string(), z.int()))
      .default({})
      .describe('Versions that the undo left of rows made while the import ran'),
  },
  {
    indexes: [{ on: ['importId', 'seq'], unique: true }],
    live: false,
    audited: false,
    description: 'The transactions of imports',
  },
)

export type ImportSliceRow = RowOf<typeof ImportSlice>
