import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Composition, type Command } from '@clientele/core'
import { readShell } from '../site/shell-files.ts'
import { sharedUrl } from '../site/shell-page.ts'
import { serveFromSources } from './dev-panels.ts'
import { panelSources } from './source-folders.ts'
import { openVite } from './vite-server.ts'

/**
 * `clientele admin:dev`: the instance with its admin, whose panels come from their sources. No build, and a page that
 * loads again when one of them is saved.
 */
export function devCommand(shell: URL): Command {
  return {
    name: 'admin:dev',
    summary: 'Serve the instance and its admin, with panels from their sources by Vite',
    options: {
      port: { type: 'string', value: 'PORT', description: 'Where to listen on localhost; 3000 unless given' },
    },
    async run({ values, io, cdp }) {
      const stopRequested = io.stopRequested?.()
      await cdp.start({ workers: true })
      const { ctx } = cdp.as({ tenantId: 'default' })
      const registry = ctx.get(Composition).registry(ctx)
      const sources = await panelSources(registry)
      const { version } = await readShell(shell)
      const server = createServer()
      const shared = (name: string): string => sharedUrl(name, version)
      const vite = await openVite(io.cwd, { sources, shared, server })
      serveFromSources(registry, new Map(sources.map(({ plugin, entry }) => [plugin, `/@fs${entry}`])))
      const router = cdp.router()
      server.on('request', (request, response) => {
        const missing = (): void => void response.writeHead(404).end()
        // What is not the instance's is a source.
        router(request as never, response as never, () => vite.middlewares(request, response, missing))
      })
      try {
        const url = await listen(server, Number(values['port'] ?? 3000))
        const served =
          sources.map(({ plugin }) => plugin).join(', ') || 'none: no plugin has src/admin/index.tsx'
        io.stdout.write(`Admin: ${url}/admin\nPanels from their sources: ${served}\n`)
        await stopRequested
      } finally {
        await vite.close()
        server.closeAllConnections()
        server.close()
        await cdp.stop()
      }
    },
  }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, 'localhost', () =>
      resolve(`http://localhost:${(server.address() as AddressInfo).port}`),
    )
  })
}
