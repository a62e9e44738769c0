import type { Kysely } from 'kysely'
import { defineEntity } from '../entity/entity.ts'
import type { Timestamp } from '../ports/clock.ts'
import { plainColumn, type PhysicalTable, type TableDefinition } from '../storage/physical.ts'

const chunks: PhysicalTable = {
  name: 'file_chunks',
  tenancy: 'tenant',
  columns: [
    plainColumn('tenant_id', 'tenantId', 'text'),
    plainColumn('id', 'id', 'uuid'),
    plainColumn('begins_at', 'beginsAt', 'integer'),
    plainColumn('written_at', 'writtenAt', 'timestamp'),
    plainColumn('bytes', 'bytes', 'bytes'),
  ],
  primaryKey: ['tenant_id', 'id', 'begins_at'],
  indexes: [],
  foreignKeys: [],
}

/**
 * The bytes of files where no folder takes them: pieces by the file's id and the place of their first byte. They are
 * there before the file's row is, so nothing refers to it.
 */
export const FileChunk = Object.assign(defineEntity('fileChunks', {}, { live: false }), {
  table: chunks,
} satisfies Partial<TableDefinition>)

/** Queries over files and their bytes. */
export type FilesDb = Kysely<{
  fileChunks: { id: string; beginsAt: number; writtenAt: Timestamp; bytes: Uint8Array }
  files: { id: string; expiresAt: Timestamp | null }
}>
