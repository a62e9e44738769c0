import type { StorageDetails } from '@clientele/core'
import type Database from 'better-sqlite3'
import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

const SYNCHRONOUS = ['OFF', 'NORMAL', 'FULL', 'EXTRA'] as const

/** Which file a name stands for. */
export interface FileIdentity {
  readonly dev: number
  readonly ino: number
}

/** Null when there is none of this name. */
export function identityOf(file: string): Promise<FileIdentity | null> {
  return stat(file).then(
    ({ dev, ino }) => ({ dev, ino }),
    () => null,
  )
}

interface Source {
  readonly file: string
  /** As it was when the connections were opened. */
  readonly opened: FileIdentity | null
  readonly writer: Database.Database
  readonly reader: Database.Database
  /** The setting of the worker's connection; rejects when it does not answer in time. */
  readonly population: () => Promise<unknown>
}

/** `synchronous` belongs to a connection, so each lane is asked for its own. */
export async function sqliteDetails({
  file,
  opened,
  writer,
  reader,
  population,
}: Source): Promise<StorageDetails> {
  const number = (name: string): number => reader.pragma(name, { simple: true }) as number
  const found = await identityOf(file)
  const space = await statfs(dirname(file)).catch(() => null)
  return {
    engine: 'SQLite',
    version: reader.prepare('SELECT sqlite_version()').pluck().get() as string,
    'journal.mode': String(reader.pragma('journal_mode', { simple: true })),
    'synchronous.writer': synchronous(writer.pragma('synchronous', { simple: true })),
    'synchronous.reader': synchronous(number('synchronous')),
    'synchronous.population': await population().then(synchronous, () => null),
    'foreign.keys': writer.pragma('foreign_keys', { simple: true }) === 1,
    'file.replaced': opened?.ino !== found?.ino || opened?.dev !== found?.dev,
    'size.bytes': number('page_count') * number('page_size'),
    'free.bytes': number('freelist_count') * number('page_size'),
    'wal.bytes': await stat(`${file}-wal`).then(
      ({ size }) => size,
      () => 0,
    ),
    'disk.free.bytes': space && space.bavail * space.bsize,
  }
}

function synchronous(level: unknown): string {
  return SYNCHRONOUS[Number(level)] ?? String(level)
}
