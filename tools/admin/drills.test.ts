import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { admin } from '@clientele/admin'
import { panelPreset } from '@clientele/admin-sdk/build'
import { definePlugin, type AnyPlugin } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import { createTestClientele, temporaryFolder, testToken } from '@clientele/testing'
import { build } from 'tsup'
import { expect, test } from 'vitest'
import { openBrowser } from '../client/chromium.fixture.ts'

/** A panel with something wrong: what is in it, what happens to it afterwards, and what people are told. */
interface Drill {
  readonly id: string
  readonly source: string
  readonly build?: { readonly sdk?: string; readonly external?: readonly string[] }
  readonly afterwards?: (folder: string) => Promise<void>
  readonly told: RegExp
}

const fine = `export function Main() { return <p>fine</p> }`
const drills: readonly Drill[] = [
  {
    id: 'throws',
    source: `export function Main() { throw new Error('No tea left') }`,
    told: /No tea left/,
  },
  {
    id: 'gone',
    source: fine,
    afterwards: (folder) => rm(join(folder, 'panel.js')),
    told: /file of it is missing.*Install the plugin again/,
  },
  {
    id: 'changed',
    source: fine,
    afterwards: (folder) => appendFile(join(folder, 'panel.js'), '\nalert(1)'),
    told: /was changed after it was built/,
  },
  {
    id: 'old',
    source: fine,
    build: { sdk: '^0.0.1' },
    told: /built for version \^0\.0\.1 of the admin SDK, and this is 0\.1\.0\. Update/,
  },
  {
    id: 'own-preact',
    source: `import { useState } from 'preact/hooks'
      export function Main() { const [n] = useState(1); return <p>{n}</p> }`,
    build: { external: [] },
    told: /brings its own copy of Preact.*preset/,
  },
  {
    id: 'hangs',
    source: `await new Promise(() => {})\n${fine}`,
    told: /did not start within 8 seconds.*\?safe=1/,
  },
]

test(
  'a broken panel says whose it is and what to do, and leaves the rest of the admin alone',
  { timeout: 120_000 },
  async (context) => {
    const browser = await openBrowser(context)
    const folder = await temporaryFolder()
    const plugins: AnyPlugin[] = []
    for (const drill of drills) plugins.push(await brokenPlugin(drill, folder))
    const t = await createTestClientele({ plugins: [customers(), admin(), ...plugins] })
    const url = await t.url()
    const page = await browser.newPage({
      locale: 'en-US',
      extraHTTPHeaders: { authorization: testToken({}) },
    })
    for (const { id, told } of drills) {
      await page.goto(`${url}/admin/${id}`)
      const alert = page.getByRole('main').getByRole('alert')
      await alert.waitFor()
      const text = await alert.innerText()
      expect(text).toMatch(told)
      expect(text).toContain(`plugin ${id}`)
      await page.getByRole('link', { name: 'Customers' }).click()
      await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor()
    }
    await page.goto(`${url}/admin/throws?safe=1`)
    await page.getByText('switched off in safe mode').waitFor()
  },
)

async function brokenPlugin(drill: Drill, root: string): Promise<AnyPlugin> {
  const folder = join(root, drill.id)
  await mkdir(folder)
  await writeFile(join(folder, 'index.tsx'), drill.source)
  const outDir = join(folder, 'dist')
  const { sdk, external } = drill.build ?? {}
  const preset = panelPreset({ entry: join(folder, 'index.tsx'), outDir, ...(sdk ? { sdk } : {}) })
  await build({
    ...preset,
    ...(external ? { external: [...external], noExternal: [/./] } : {}),
    esbuildOptions(options) {
      preset.esbuildOptions(options)
      // The sources lie outside of the repository.
      options.nodePaths = [resolve('node_modules')]
    },
    config: false,
    silent: true,
  })
  await drill.afterwards?.(outDir)
  return definePlugin({
    id: drill.id,
    version: '1.0.0',
    requires: { core: '^0.1.0' },
    admin: {
      files: pathToFileURL(`${outDir}/`),
      panels: [
        {
          id: drill.id,
          path: `/${drill.id}`,
          title: drill.id,
          permission: 'authenticated',
          shows: { export: 'Main' },
        },
      ],
    },
  })()
}
