import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, type RowOf } from '../entity/entity.ts'

/** What is known about a stored file. Its bytes are never changed: another content is another file. */
export const FileEntity = defineEntity(
  'files',
  {
    name: col.text(z.string().min(1).max(255)).describe('As a download is called: customers.csv'),
    contentType: col.text(z.string().min(1).max(100)),
    size: col.integer().describe('Bytes'),
    sha256: col.text(z.string().regex(/^[0-9a-f]{64}$/)),
    permission: col.text(z.string().max(100)).describe('Whoever holds it may download the file'),
    expiresAt: col.timestamp().nullable().index().describe('Removed after this instant'),
  },
  { label: 'name', description: 'Uploads, error files, exports' },
)

export type StoredFile = RowOf<typeof FileEntity>
