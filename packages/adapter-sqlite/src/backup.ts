import { observeErrors, type BackupOptions, type BackupReport } from '@clientele/core'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { BackupMessage, BackupTask } from './backup-worker.ts'

/**
 * Copies a database that others write to. The copy takes its name last: what is found under it is whole, checked and
 * on disk. What a killed run leaves behind is called `….partial`, and the next run removes it.
 *
 * @throws `backup.failed`
 */
export async function backUp(source: string, file: string, options: BackupOptions): Promise<BackupReport> {
  const target = resolve(file)
  const partial = `${target}.partial`
  try {
    if (target === source) throw new Error('that is the database itself; name another file')
    await mkdir(dirname(target), { recursive: true })
    await removePartial(partial)
    const bytes = await copyInThread({ source, copy: partial, tables: options.tables ?? [] }, options)
    options.signal?.throwIfAborted()
    await syncFile(partial)
    await rename(partial, target)
    await syncFolder(dirname(target))
    return { bytes, verified: ['integrity', 'foreign keys', ...(options.tables?.length ? ['tables'] : [])] }
  } catch (cause) {
    await removePartial(partial)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw observeErrors['backup.failed']({ file: target, reason }, { cause })
  }
}

function copyInThread(task: BackupTask, { onProgress, signal }: BackupOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    // Beside this file, as TypeScript in the repository and as JavaScript in the package.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./backup-worker.${extension}`, import.meta.url), { workerData: task })
    const abort = (): void => void worker.terminate()
    signal?.addEventListener('abort', abort, { once: true })
    worker.on('message', (message: BackupMessage) => {
      if ('done' in message) return onProgress?.(message.done, message.total)
      if ('bytes' in message) return resolve(message.bytes)
      reject(new Error(message.problem))
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      signal?.removeEventListener('abort', abort)
      reject((signal?.reason as Error | undefined) ?? new Error('its thread ended'))
    })
  })
}

async function removePartial(partial: string): Promise<void> {
  for (const end of ['', '-journal', '-wal', '-shm']) await rm(partial + end, { force: true })
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** So that the new name survives a power loss, too. A folder cannot be synced on Windows. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
