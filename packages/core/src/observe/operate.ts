import type { Command } from '../cli/command.ts'
import type { MigrationDraft } from '../migration/draft-migration.ts'
import type { BackupReport } from '../storage/storage.ts'
import type { Check } from './check.ts'
import type { Health } from './health.ts'

/** How a backup is made. */
export interface BackupToFile {
  /** Replaces a backup of that name. @default false */
  readonly overwrite?: boolean
  /** Told now and then, in bytes; first the database, then the files. */
  readonly onProgress?: (progress: {
    readonly part: 'database' | 'files'
    readonly done: number
    readonly total: number
  }) => void
  readonly signal?: AbortSignal
}

/** A backup that is whole, checked and on disk. */
export interface Backup extends BackupReport {
  readonly file: string
  /** Where stored files were copied to; null when they are rows of the database, or there are none. */
  readonly files: { readonly folder: string; readonly count: number } | null
  /** The key ring's file, which is not in the backup; null when it comes from `CLIENTELE_KEYS` or options. */
  readonly keyFile: string | null
}

/** Looking at an instance and after it. It need not be started; what needs the database opens it. */
export interface Operate {
  /** Where the instance stands; after the import of a composition it should be `new`. */
  readonly state: 'new' | 'starting' | 'started' | 'stopped'
  /** What plugins add to the command line. */
  readonly commands: readonly Command[]
  /** The tenants there are; of a started instance. */
  tenants(): Promise<readonly string[]>
  /** What `GET /health/details` shows. */
  health(): Promise<Health>
  /** What `GET /metrics` shows. */
  metrics(): Promise<string>
  /** All that can be wrong, with the way out. Changes nothing. @param options.deep reads the whole database */
  diagnose(options?: { readonly deep?: boolean }): Promise<readonly Check[]>
  /**
   * Copies the database as it is now, and the stored files, while others go on writing. `file` appears last: once it is
   * there, all of it is whole, checked and on disk. Keys are not in it.
   *
   * @throws `backup.exists`, `backup.failed`, `backup.unsupported`
   */
  backup(file: string, options?: BackupToFile): Promise<Backup>
  /** What a plugin's next migration has to do so that its migrations make what its entities say. */
  draftMigration(pluginId: string): Promise<MigrationDraft>
}
