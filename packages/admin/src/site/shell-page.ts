interface ShellPage {
  /** Where the host mounted the router. */
  readonly mount: string
  readonly nonce: string
  readonly version: string
  /** The whole panel, or the pages for whoever is not signed in. */
  readonly script: 'accounts' | 'shell'
  /** Names of the files that the whole panel needs at once. */
  readonly atOnce: readonly string[]
  /** Scripts of a development server. @default none */
  readonly extra?: readonly string[]
  /** URL of a plugin's module → the hash that it must have. */
  readonly integrity: Readonly<Record<string, string>>
}

/** What all panels share. */
const SHARED = ['preact', 'preact/hooks', 'preact/jsx-runtime', '@preact/signals', '@clientele/admin-sdk']

/** Where a module that all panels share lies, below the router. */
export function sharedUrl(name: string, version: string): string {
  return assetUrl(name === '@clientele/admin-sdk' ? 'sdk.js' : 'runtime.js', version)
}

function assetUrl(name: string, version: string): string {
  return `/admin/assets/${version}/${name}`
}

/** The one page of the panel: the import map that all panels share, and nothing that is drawn by the server. */
export function shellPage({
  mount,
  nonce,
  version,
  script,
  atOnce,
  integrity,
  extra = [],
}: ShellPage): string {
  const at = (name: string): string => mount + assetUrl(name, version)
  const imports = Object.fromEntries(SHARED.map((name) => [name, mount + sharedUrl(name, version)]))
  const preloaded = script === 'shell' ? atOnce.map(at) : [at('runtime.js')]
  return `<!doctype html>
<html lang="en" data-mount="${escape(mount)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Clientele</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${escape(at(`${script}.css`))}">
<script type="importmap" nonce="${nonce}">${inScript({ imports, integrity })}</script>
${preloaded.map((url) => `<link rel="modulepreload" href="${escape(url)}">`).join('\n')}
${[...extra, at(`${script}.js`)].map((url) => `<script type="module" src="${escape(url)}"></script>`).join('\n')}
</head>
<body><noscript>The admin panel needs JavaScript.</noscript></body>
</html>
`
}

function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

/** A mount point is the host's own, and yet text in HTML. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
