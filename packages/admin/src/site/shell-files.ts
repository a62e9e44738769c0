import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'

/** The built files of the shell that a browser may ask for. */
export interface ShellFiles {
  /** Changes with any of them. */
  readonly version: string
  readonly files: ReadonlyMap<string, Buffer>
  /** What the shell needs at once: it is asked for together, rather than as each file names the next. */
  readonly atOnce: readonly string[]
}

/** @throws Error when the shell was not built, with the way out */
export async function readShell(folder: URL): Promise<ShellFiles> {
  const names = await readdir(folder).catch(() => {
    throw new Error('The admin panel was not built: run "npm run build:admin"')
  })
  const shown = names.filter((name) => /\.(js|css)$/.test(name)).toSorted()
  const files = new Map(
    await Promise.all(shown.map(async (name) => [name, await readFile(new URL(name, folder))] as const)),
  )
  const hash = createHash('sha256')
  for (const [name, body] of files) hash.update(name).update(body)
  return {
    version: hash.digest('base64url').slice(0, 12),
    files,
    atOnce: [...importsOf(['runtime.js', 'sdk.js', 'shell.js'], files)],
  }
}

/** The files and all that they import, but for what they import lazily. */
function importsOf(names: readonly string[], files: ReadonlyMap<string, Buffer>): ReadonlySet<string> {
  const found = new Set(names)
  for (const name of found)
    for (const [, other] of (files.get(name)?.toString() ?? '').matchAll(
      /(?:from|import) ?['"]\.\/([\w.-]+\.js)['"]/g,
    ))
      if (files.has(other!)) found.add(other!)
  return found
}
