import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Registry } from '@clientele/core'

/** Where the sources of a plugin's panels lie. */
export interface PanelSources {
  readonly plugin: string
  /** Of the package. */
  readonly folder: string
  /** The module that exports the components. */
  readonly entry: string
}

const ENTRIES = ['src/admin/index.tsx', 'src/admin/index.ts', 'src/admin/index.jsx', 'src/admin/index.js']

/** Plugins whose package holds the sources of its panels and is no installed one: those are somebody's own. */
export async function panelSources({ plugins }: Registry): Promise<readonly PanelSources[]> {
  const found = await Promise.all(
    plugins.map(async ({ id, plugin }) => {
      const built = plugin.definition.admin?.files
      if (!built || built.pathname.includes('/node_modules/')) return []
      for (const path of ENTRIES) {
        // `files` is `dist/admin/` of the package.
        const entry = fileURLToPath(new URL(`../../${path}`, built))
        const isThere = await access(entry).then(
          () => true,
          () => false,
        )
        if (isThere) return [{ plugin: id, folder: fileURLToPath(new URL('../../', built)), entry }]
      }
      return []
    }),
  )
  return found.flat()
}
