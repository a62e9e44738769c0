import { existsSync, readdirSync } from 'node:fs'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { temporaryFolder } from '@clientele/testing'

const ROOT = resolve(import.meta.dirname, '../..')
const LEFT_OUT: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'coverage',
  'data',
  '.git',
  '.data',
  '.printed',
])

/** This workspace in a folder of its own, where a test may write; third parties are linked, not copied. */
export async function workspaceCopy(): Promise<string> {
  const copy = await temporaryFolder()
  await cp(ROOT, copy, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) || path === ROOT })
  for (const entry of readdirSync(join(ROOT, 'node_modules'))) {
    if (entry !== '@clientele' && entry !== '.cache') await link(`node_modules/${entry}`, copy)
  }
  for (const name of readdirSync(join(copy, 'packages'))) {
    await mkdir(join(copy, 'node_modules/@clientele'), { recursive: true })
    await symlink(join(copy, 'packages', name), join(copy, 'node_modules/@clientele', name), 'junction')
    if (existsSync(join(ROOT, 'packages', name, 'node_modules')))
      await link(`packages/${name}/node_modules`, copy)
  }
  return copy
}

async function link(path: string, copy: string): Promise<void> {
  await mkdir(dirname(join(copy, path)), { recursive: true })
  await symlink(join(ROOT, path), join(copy, path), 'junction')
}
