import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { defineConfig, type Options } from 'tsup'

/** The browser takes the SDK from the shell; for everybody else what it is made of comes along. */
const BROWSER_ONLY: Options = {
  external: [/^preact($|\/)/, '@preact/signals'],
  noExternal: ['preact-iso', 'uplot'],
}

// One esbuild run per package, JavaScript only: declarations come from `tsc -b`.
export default defineConfig(
  readdirSync('packages')
    .filter((name) => existsSync(`packages/${name}/src/index.ts`))
    .map((name): Options => ({
      name,
      entry: entriesOf(name),
      outDir: `packages/${name}/dist`,
      tsconfig: `packages/${name}/tsconfig.json`,
      format: ['esm'],
      target: 'node22',
      platform: 'node',
      sourcemap: true,
      dts: false,
      ...(name === 'admin-sdk' ? BROWSER_ONLY : { skipNodeModulesBundle: true }),
    })),
)

/**
 * What a package's package.json promises, as output → source: every export with a source condition
 * (`./src/http/client.ts` becomes `dist/http/client.js`) and every bin (`./dist/cli.js` is `src/cli/main.ts`).
 * A file `src/x-worker.ts` is a thread's own entry, found beside the code that starts it.
 */
function entriesOf(name: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8')) as {
    exports: Record<string, string | { '@clientele/source'?: string }>
    bin?: Record<string, string>
  }
  const entries: Record<string, string> = {}
  for (const target of Object.values(manifest.exports)) {
    const source = typeof target === 'string' ? undefined : target['@clientele/source']
    if (source) entries[source.replace(/^\.\/src\/(.*)\.ts$/, '$1')] = `packages/${name}/${source.slice(2)}`
  }
  for (const file of Object.values(manifest.bin ?? {})) {
    const command = basename(file, '.js')
    entries[command] = `packages/${name}/src/${command}/main.ts`
  }
  for (const file of readdirSync(`packages/${name}/src`)) {
    if (file.endsWith('-worker.ts')) entries[basename(file, '.ts')] = `packages/${name}/src/${file}`
  }
  return entries
}
