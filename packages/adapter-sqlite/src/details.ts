import type { StorageDetails } from '@clientele/core'
import type Database from 'better-sqlite3'
import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

const SYNCHRONOUS = ['OFF', 'NORMAL', 'FULL', 'EXTRA'] as const

interface Source {
  readonly file: string
  readonly writer: Database.Database
  readonly reader: Database.Database
  /** The setting of the worker's connection; rejects when it does not answer in time. */
  readonly population: () => Promise<unknown>
}

/** `synchronous` belongs to a connection, so each lane is asked for its own. */
export async function sqliteDetails({ file, writer, reader, population }: Source): Promise<StorageDetails> {
  const number = (name: string): number => reader.pragma(name, { simple: true }) as number
  const space = await statfs(dirname(file)).catch(() => null)
  return {
    engine: 'SQLite',
    version: reader.prepare('SELECT sqlite_version()').pluck().get() as string,
    'journal.mode': String(reader.pragma('journal_mode', { simple: true })),
    'synchronous.writer': synchronous(writer.pragma('synchronous', { simple: true })),
    'synchronous.reader': synchronous(number('synchronous')),
    'synchronous.population': await population().then(synchronous, () => null),
    'foreign.keys': writer.pragma('foreign_keys', { simple: true }) === 1,
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
