import { copyFile, mkdir, open, readdir, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { PARTIAL } from '../files/file-store.ts'

interface CopyOptions {
  /** In bytes. */
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Copies the files of a folder that the copy lacks, and those it has in another length: a stored file is never changed,
 * so another length was one that was still being written. What vanishes meanwhile is left out. Answers how many files
 * the copy has now; each is on disk.
 *
 * @param folder null or not there: nothing to copy
 */
export async function copyNewFiles(
  folder: string | null,
  copy: string,
  { onProgress, signal }: CopyOptions = {},
): Promise<number> {
  if (folder === null) return 0
  const there = await filesOf(folder)
  const missing = (
    await Promise.all(there.map(async (file) => ({ file, had: await sizeOf(join(copy, file.path)) })))
  ).filter(({ file, had }) => had !== file.size)
  const total = missing.reduce((sum, { file }) => sum + file.size, 0)
  let done = 0
  for (const { file } of missing) {
    signal?.throwIfAborted()
    await copyToDisk(join(folder, file.path), join(copy, file.path))
    done += file.size
    onProgress?.(done, total)
  }
  return (await filesOf(copy)).length
}

interface FoundFile {
  /** Below the folder. */
  readonly path: string
  readonly size: number
}

async function filesOf(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ifGone([]))
  const found: FoundFile[] = []
  for (const entry of entries.filter((one) => one.isFile() && !one.name.endsWith(PARTIAL))) {
    const path = join(entry.parentPath, entry.name)
    const size = await sizeOf(path)
    if (size !== null) found.push({ path: relative(folder, path), size })
  }
  return found
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(({ size }) => size, ifGone(null))
}

async function copyToDisk(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const copied = await copyFile(from, to).then(() => true, ifGone(false))
  if (!copied) return
  const handle = await open(to, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function ifGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead
    throw error
  }
}
