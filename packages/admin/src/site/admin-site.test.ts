import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { definePlugin, Sites } from '@clientele/core'
import { createTestClientele, temporaryFolder } from '@clientele/testing'
import { expect, test } from 'vitest'
import { adminSite } from './admin-site.ts'

const KEPT = 'public, max-age=31536000, immutable'

test('files are kept for good under their own version only, so that no cache holds them as those of another', async () => {
  const get = await site()
  const page = (await get('/admin')).text
  const urls = page.match(/\/admin\/(?:assets|x\/hello)\/[\w-]+\/(?:shell|panel)\.js/g)!
  const [panel, shell] = [...new Set(urls)].toSorted().toReversed()
  for (const url of [panel!, shell!]) {
    const own = await get(url)
    expect([own.status, own.headers.get('cache-control')]).toEqual([200, KEPT])
    const other = await get(url.replace(/[\w-]+(?=\/\w+\.js$)/, 'next'))
    expect([other.status, other.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(other.text).toBe(own.text)
  }
})

test('whatever a path says, only files that were listed at the start are found, and that one is missing is not kept', async () => {
  const get = await site()
  for (const path of [
    '/admin/assets/a/..%2fsecret.js',
    '/admin/assets/a/__proto__',
    '/admin/x/hello/a/manifest.json',
    '/admin/x/hello/a/..%2f..%2fapp%2fshell.js',
    '/admin/x/__proto__/a/toString',
  ]) {
    const { status, headers } = await get(path)
    expect([path, status, headers.get('cache-control')]).toEqual([path, 404, 'no-store'])
  }
})

/** A shell and a plugin with panels, each of one file. */
async function site() {
  const folder = await temporaryFolder()
  const write = async (name: string, text: string) => writeFile(join(folder, name), text)
  for (const name of ['app', 'panels']) await mkdir(join(folder, name))
  for (const name of ['runtime', 'sdk', 'shell']) await write(`app/${name}.js`, `export const ${name} = 1`)
  const code = 'export const hello = 1'
  const hash = `sha384-${createHash('sha384').update(code).digest('base64')}`
  await write('secret.js', 'secret')
  await write('panels/panel.js', code)
  await write(
    'panels/manifest.json',
    JSON.stringify({ sdk: '*', entry: 'panel.js', files: { 'panel.js': hash } }),
  )
  const at = (name: string) => new URL(name, pathToFileURL(`${folder}/`))
  const hello = definePlugin({
    id: 'hello',
    version: '1.0.0',
    requires: { core: '*' },
    admin: { files: at('panels/') },
    contributes: [Sites.add(adminSite(at('app/')))],
  })
  const t = await createTestClientele({ plugins: [hello()] })
  return (path: string) => t.fetch(path)
}
