import { createHash, randomBytes } from 'node:crypto'
import type { HttpRequest, HttpResponse, Registry, Site } from '@clientele/core'
import { devPanelsOf } from '../dev/dev-panels.ts'
import { panelFiles } from '../panel/panel-files.ts'
import { panelStyles } from '../panel/panel-styles.ts'
import { pageHeaders, plainHeaders, typeOf } from './headers.ts'
import { readShell, type ShellFiles } from './shell-files.ts'
import { shellPage } from './shell-page.ts'

/** Pages for whoever is not signed in: they need a small part of the shell only. */
const ACCOUNT_PAGES = new Set([
  'sign-in',
  'sign-up',
  'code',
  'forgot-password',
  'invitation',
  'set-up',
  'no-role',
])

/**
 * The shell's own files below `/admin/assets`, those of the plugins below `/admin/x`, and one page at every other path.
 * @param folder of the built shell
 */
export function adminSite(folder: URL): Site {
  let shell: Promise<ShellFiles> | undefined
  return {
    path: '/admin',
    async respond(request, { requestId, registry }) {
      const [, , area, ...rest] = request.url.split('?', 1)[0]!.split('/')
      if (area === 'x') return panelFile(request, requestId, registry, rest)
      shell ??= readShell(folder)
      const files = await shell
      if (area === 'assets') return shellFile(request, requestId, files, rest)
      return page(request, requestId, registry, files, ACCOUNT_PAGES.has(area ?? '') ? 'accounts' : 'shell')
    },
  }
}

async function page(
  { baseUrl }: HttpRequest,
  requestId: string,
  registry: Registry,
  { version, atOnce }: ShellFiles,
  script: 'accounts' | 'shell',
): Promise<HttpResponse> {
  const nonce = randomBytes(16).toString('base64')
  const panels = script === 'shell' ? await panelFiles(registry) : new Map()
  const integrity: Record<string, string> = {}
  for (const [plugin, { version: own, files }] of panels)
    for (const [name, { integrity: hash }] of files)
      if (name.endsWith('.js')) integrity[`${baseUrl}/admin/x/${plugin}/${own}/${name}`] = hash
  const isDeveloped = devPanelsOf(registry) !== undefined
  const extra = isDeveloped ? ['/@vite/client'] : []
  const body = shellPage({ mount: baseUrl, nonce, version, script, atOnce, integrity, extra })
  const headers = pageHeaders(requestId, nonce, Buffer.byteLength(body))
  // Vite brings styles and its own scripts as it likes.
  if (isDeveloped) delete headers['content-security-policy']
  return { status: 200, headers, body }
}

function shellFile(
  request: HttpRequest,
  requestId: string,
  { version: own, files }: ShellFiles,
  [version, name = '']: readonly string[],
): HttpResponse {
  const body = files.get(name)
  return body ? file(request, requestId, { name, body, isKept: version === own }) : missing(requestId)
}

async function panelFile(
  request: HttpRequest,
  requestId: string,
  registry: Registry,
  [plugin = '', version, name = '']: readonly string[],
): Promise<HttpResponse> {
  const panels = (await panelFiles(registry)).get(plugin)
  const body = panels?.files.get(name)?.body
  if (!body) return missing(requestId)
  const shown = name.endsWith('.css') ? Buffer.from(panelStyles(plugin, body.toString())) : body
  return file(request, requestId, { name, body: shown, isKept: version === panels?.version })
}

interface SentFile {
  readonly name: string
  readonly body: Buffer
  /** The path names the version that this is of. Under any other nobody keeps it: it will be that of other files. */
  readonly isKept: boolean
}

/** The version is part of the path, so what is kept never grows stale. */
function file({ headers }: HttpRequest, requestId: string, { name, body, isKept }: SentFile): HttpResponse {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`
  const own = {
    ...plainHeaders(requestId, typeOf(name), body.byteLength),
    'cache-control': isKept ? 'public, max-age=31536000, immutable' : 'no-store',
    etag,
  }
  return headers['if-none-match'] === etag
    ? { status: 304, headers: own, body: null }
    : { status: 200, headers: own, body }
}

function missing(requestId: string): HttpResponse {
  const body = 'There is no such file'
  const headers = plainHeaders(requestId, typeOf('.txt'), body.length)
  return { status: 404, headers: { ...headers, 'cache-control': 'no-store' }, body }
}
