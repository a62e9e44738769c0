import type { Server } from 'node:http'
import type { ViteDevServer } from 'vite'
import { panelStyles } from '../panel/panel-styles.ts'
import type { PanelSources } from './source-folders.ts'

/** What the shell brings, as in the preset of `@clientele/admin-sdk/build`. */
const SHARED = new Set([
  'preact',
  'preact/hooks',
  'preact/jsx-runtime',
  'preact/jsx-dev-runtime',
  '@preact/signals',
  '@clientele/admin-sdk',
])

interface ViteOptions {
  readonly sources: readonly PanelSources[]
  /** Where a module that all panels share lies. */
  readonly shared: (name: string) => string
  /** Before which it stands. */
  readonly server: Server
}

/**
 * A Vite that serves the panels' sources and reloads the page when one of them changes.
 * @throws Error when Vite is not installed
 */
export async function openVite(
  root: string,
  { sources, shared, server }: ViteOptions,
): Promise<ViteDevServer> {
  const { createServer } = await import('vite').catch((cause: unknown) => {
    throw new Error(
      'Cannot serve the sources of panels: Vite is not installed; run "npm install --save-dev vite"',
      {
        cause,
      },
    )
  })
  return createServer({
    root,
    configFile: false,
    appType: 'custom',
    logLevel: 'warn',
    server: {
      middlewareMode: true,
      // What reloads the page comes by the instance's own port.
      hmr: { server },
      preTransformRequests: false,
      fs: { allow: [root, ...sources.map(({ folder }) => folder)] },
    },
    optimizeDeps: { noDiscovery: true, include: [] },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
    plugins: [
      {
        name: 'clientele:shared',
        enforce: 'pre',
        // One copy of Preact for all panels: that of the shell.
        resolveId: (name) => (SHARED.has(name) ? { id: shared(name), external: true } : null),
      },
      {
        name: 'clientele:styles',
        enforce: 'pre',
        transform(code, id) {
          const path = id.split('?', 1)[0]!
          const own = path.endsWith('.css') && sources.find(({ folder }) => path.startsWith(folder))
          return own ? { code: panelStyles(own.plugin, code), map: null } : null
        },
      },
    ],
  })
}
