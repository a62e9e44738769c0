import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { satisfies, type Registry } from '@clientele/core'
import * as z from 'zod'
import { SDK_VERSION } from './sdk-version.ts'

/** The built panels of one plugin. */
export interface PanelFiles {
  /** Part of every path, so that what a browser keeps never grows stale. */
  readonly version: string
  /** The range of SDK versions that they were built for. */
  readonly sdk: string
  readonly entry: string
  readonly css?: string
  readonly files: ReadonlyMap<string, { readonly body: Buffer; readonly integrity: string }>
  /** Whether that range holds the SDK of this shell. */
  readonly works: boolean
}

/** What the preset of `@clientele/admin-sdk/build` writes beside the files. */
const builtSchema = z.object({
  sdk: z.string(),
  entry: z.string(),
  css: z.string().optional(),
  files: z.record(z.string().regex(/^[\w.-]+$/), z.string().regex(/^sha384-/)),
})

const known = new WeakMap<Registry, Promise<ReadonlyMap<string, PanelFiles>>>()

/** The built panels of every plugin that has some, by the plugin's id; read once. */
export function panelFiles(registry: Registry): Promise<ReadonlyMap<string, PanelFiles>> {
  let panels = known.get(registry)
  if (!panels) {
    panels = readAll(registry)
    known.set(registry, panels)
  }
  return panels
}

async function readAll({ plugins }: Registry): Promise<ReadonlyMap<string, PanelFiles>> {
  const found = await Promise.all(
    plugins.map(async ({ id, plugin }) => {
      const folder = plugin.definition.admin?.files
      const files = folder ? await readFolder(folder) : null
      return files ? [[id, files] as const] : []
    }),
  )
  return new Map(found.flat())
}

/** @returns null when nothing was built there: the shell says so where the panel would be */
async function readFolder(folder: URL): Promise<PanelFiles | null> {
  const text = await readFile(new URL('manifest.json', folder), 'utf8').catch(() => null)
  if (text === null) return null
  const { sdk, entry, css, files } = builtSchema.parse(JSON.parse(text))
  const read = Object.entries(files).map(async ([name, integrity]) => {
    const body = await readFile(new URL(name, folder)).catch(() => null)
    // A file that is gone is a 404 of its own: the shell says which plugin it belongs to.
    return body === null ? [] : [[name, { body, integrity }] as const]
  })
  return {
    version: createHash('sha256').update(text).digest('base64url').slice(0, 12),
    sdk,
    entry,
    ...(css === undefined ? {} : { css }),
    files: new Map((await Promise.all(read)).flat()),
    works: satisfies(SDK_VERSION, sdk),
  }
}
