import { resolve } from 'node:path'
import { build } from 'esbuild'

const ROOT = resolve(import.meta.dirname, '../..')

/** What a browser would load of a module: bundled and minified, and the files that went in. */
export async function browserBundle(
  contents: string,
): Promise<{ readonly code: string; readonly sources: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts', sourcefile: 'entry' },
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    conditions: ['@clientele/source'],
  })
  const sources = Object.keys(metafile.inputs).filter((path) => !path.endsWith('entry'))
  return { code: outputFiles[0]!.text, sources }
}
