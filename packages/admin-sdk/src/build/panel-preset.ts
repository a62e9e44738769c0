import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the shell brings: a panel that had its own copy of these would not work beside it. */
export const SHARED: readonly string[] = [
  'preact',
  'preact/hooks',
  'preact/jsx-runtime',
  '@preact/signals',
  '@clientele/admin-sdk',
]

/** Where a plugin's panels lie. */
export interface PanelPreset {
  /** The module that exports the components. @default 'src/admin/index.tsx' */
  readonly entry?: string
  /** Emptied first. @default 'dist/admin' */
  readonly outDir?: string
  /** The range of SDK versions that they are built for. @default '^0.1.0' */
  readonly sdk?: string
  /** Whether the files are small rather than readable. @default true */
  readonly minify?: boolean
}

/** Options of tsup, as far as the preset sets them. */
export interface PanelBuild {
  name: string
  entry: Record<string, string>
  outDir: string
  clean: boolean
  format: ['esm']
  target: string
  platform: 'browser'
  splitting: boolean
  treeshake: boolean
  minify: boolean
  sourcemap: boolean
  dts: boolean
  external: string[]
  noExternal: RegExp[]
  esbuildOptions(options: { jsx?: string; jsxImportSource?: string; jsxDev?: boolean }): void
  onSuccess(): Promise<void>
}

/**
 * The build of a plugin's panels for tsup: one ES module (with chunks for what is imported lazily), its styles, and
 * `manifest.json` with the hash of each file.
 *
 * @example
 * // tsup.config.ts
 * import { panelPreset } from '@clientele/admin-sdk/build'
 * import { defineConfig } from 'tsup'
 *
 * export default defineConfig([{ entry: ['src/index.ts'], format: ['esm'] }, panelPreset()])
 */
export function panelPreset({
  entry = 'src/admin/index.tsx',
  outDir = 'dist/admin',
  sdk = '^0.1.0',
  minify = true,
}: PanelPreset = {}): PanelBuild {
  return {
    name: 'admin',
    entry: { panel: entry },
    outDir,
    clean: true,
    format: ['esm'],
    target: 'es2022',
    platform: 'browser',
    splitting: true,
    treeshake: true,
    minify,
    sourcemap: false,
    dts: false,
    external: [...SHARED],
    noExternal: [/^(?!preact(\/|$)|@preact\/signals$|@clientele\/admin-sdk$)/],
    esbuildOptions: (options) => {
      options.jsx = 'automatic'
      options.jsxImportSource = 'preact'
      options.jsxDev = false
    },
    onSuccess: () => writeManifest(outDir, sdk),
  }
}

async function writeManifest(folder: string, sdk: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /\.(js|css)$/.test(name)).toSorted()
  const hashes = await Promise.all(
    names.map(async (name) => {
      const hash = createHash('sha384').update(await readFile(join(folder, name)))
      return [name, `sha384-${hash.digest('base64')}`] as const
    }),
  )
  const manifest = {
    sdk,
    entry: 'panel.js',
    ...(names.includes('panel.css') ? { css: 'panel.css' } : {}),
    files: Object.fromEntries(hashes),
  }
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
