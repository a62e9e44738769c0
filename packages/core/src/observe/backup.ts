import { existsSync } from 'node:fs'
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { isClienteleError } from '../errors/clientele-error.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { createMigrator } from '../migration/migrator.ts'
import { physicalName } from '../storage/physical-name.ts'
import type { Storage } from '../storage/storage.ts'
import { copyNewFiles } from './copy-files.ts'
import { observeErrors } from './observe.errors.ts'
import type { Backup, BackupToFile } from './operate.ts'

/** Backs up database and files; the storage is open. See {@link Operate.backup}. */
export async function backUp(runtime: Runtime, file: string, options: BackupToFile = {}): Promise<Backup> {
  const { storage } = runtime
  const target = resolve(file)
  if (!storage.backup) throw observeErrors['backup.unsupported']({ storage: storage.id })
  await refuseItself(target, storage)
  refuseExisting(target, options.overwrite ?? false)
  const staged = `${target}.staged`
  const stagedFiles = `${target}.files.partial`
  const { onProgress, signal } = options
  try {
    await mkdir(dirname(target), { recursive: true })
    await removeAll(staged, stagedFiles)
    // Before the database, so that what is removed meanwhile is there; and after it for what came meanwhile.
    const copy = (): Promise<number> =>
      copyNewFiles(storage.fileFolder, stagedFiles, {
        onProgress: (done, total) => onProgress?.({ part: 'files', done, total }),
        signal,
      })
    await copy()
    const report = await storage.backup(staged, {
      tables: await tablesOf(runtime),
      onProgress: (done, total) => onProgress?.({ part: 'database', done, total }),
      ...(signal ? { signal } : {}),
    })
    const count = await copy()
    await publish(target, { staged, stagedFiles, hasFiles: count > 0 })
    const files = count > 0 ? { folder: `${target}.files`, count } : null
    return { ...report, file: target, files, keyFile: keyFileOf(storage.keyFile) }
  } catch (error) {
    await removeAll(staged, stagedFiles).catch(() => {})
    if (isClienteleError(error) || signal?.aborted) throw error
    // What the file system says: a name that is too long, a folder that is a file.
    throw observeErrors['backup.failed']({ file: target, reason: (error as Error).message }, { cause: error })
  }
}

/** Under whatever name: replacing the database, its log, its keys or its files would be the end of it. */
async function refuseItself(target: string, { fileFolder, keyFile }: Storage): Promise<void> {
  const refuse = (reason: string): never => {
    throw observeErrors['backup.failed']({ file: target, reason })
  }
  const found = await stat(target).catch(() => null)
  if (found?.isDirectory()) refuse('that is a folder; name a file in it')
  if (fileFolder === null) return
  const live = fileFolder.replace(/\.files$/, '')
  const named = await nameOf(target)
  const ofDatabase = [live, ...['-wal', '-shm', '-journal', '.keys', '.files'].map((end) => live + end)]
  for (const path of keyFile === null ? ofDatabase : [...ofDatabase, keyFile]) {
    const there = await stat(path).catch(() => null)
    const isSame = found !== null && found.ino === there?.ino && found.dev === there.dev
    if (!isSame && named !== (await nameOf(path))) continue
    refuse(`that is ${path === live ? 'the database itself' : 'a part of the database'}; name another file`)
  }
  if (named.startsWith((await nameOf(fileFolder)) + sep))
    refuse('that is among the files of the database; name another folder')
}

/** The name without symbolic links on the way to it, also of what is not there yet. */
async function nameOf(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)))
  return join(folder, basename(path))
}

function refuseExisting(target: string, overwrite: boolean): void {
  if (overwrite) return
  // A log that lies beside the copy would be taken for its own, and spoil it.
  const taken = [target, `${target}.files`, `${target}-wal`].find((path) => existsSync(path))
  if (taken) throw observeErrors['backup.exists']({ file: taken })
}

/** What must be readable in the copy: the ledger, and every table once all migrations have run. */
async function tablesOf(runtime: Runtime): Promise<string[]> {
  const { registry } = runtime
  const { applied, pending } = await createMigrator(runtime).status()
  if (applied.length === 0) return []
  const ledger = physicalName(registry.tablePrefix, 'migrations')
  return pending.length > 0 ? [ledger] : [ledger, ...registry.tables.keys()]
}

async function publish(
  target: string,
  { staged, stagedFiles, hasFiles }: { staged: string; stagedFiles: string; hasFiles: boolean },
): Promise<void> {
  // The file itself is there all the time: what has its name is the old backup or the new one.
  await removeAll(`${target}-wal`, `${target}-shm`, `${target}.files`)
  if (hasFiles) await rename(stagedFiles, `${target}.files`)
  else await removeAll(stagedFiles)
  await rename(staged, target)
  // So that the names survive a power loss, too. A folder cannot be synced on Windows.
  const folder = await open(dirname(target), 'r').catch(() => null)
  await folder?.sync().catch(() => {})
  await folder?.close()
}

async function removeAll(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true })
}

function keyFileOf(keyFile: string | null): string | null {
  return keyFile !== null && existsSync(keyFile) ? keyFile : null
}
