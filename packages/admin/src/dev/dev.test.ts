import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { definePlugin } from '@clientele/core'
import { createTestClientele, temporaryFolder, testToken } from '@clientele/testing'
import { expect, test } from 'vitest'
import { admin } from '../admin.plugin.ts'

test('admin:dev serves panels from their sources, with the Preact and the SDK of the shell', async () => {
  const folder = await temporaryFolder()
  const shop = await createTestClientele({ plugins: [await hello(folder), admin()] })
  const command = shop.cdp.operate.commands.find(({ name }) => name === 'admin:dev')!
  const written = Promise.withResolvers<string>()
  const stop = Promise.withResolvers<void>()
  const io = {
    cwd: folder,
    stdout: { write: (text: string) => written.resolve(text) },
    stderr: { write: () => {} },
    stopRequested: () => stop.promise,
  }
  // Started already, which a command line is not; the test stops it.
  const cdp = { ...shop.cdp, operate: shop.cdp.operate, start: async () => {}, stop: async () => {} }
  const running = command.run({ values: { port: '0' }, args: [], io, cdp })
  const said = await Promise.race([written.promise, running.then(() => 'ended')])
  expect(said).toContain('Panels from their sources: hello')
  const url = /http:\/\/localhost:\d+/.exec(said)![0]
  const get = async (path: string) => {
    const response = await fetch(url + path, { headers: { authorization: testToken({}) } })
    return { headers: response.headers, text: await response.text() }
  }
  const page = await get('/admin')
  expect(page.text).toContain('src="/@vite/client"')
  expect(page.headers.get('content-security-policy')).toBeNull()
  expect((await get('/@vite/client')).headers.get('content-type')).toContain('javascript')

  const { modules } = JSON.parse((await get('/api/v1/admin/manifest')).text) as {
    modules: { hello: { entry: string } }
  }
  const code = (await get(modules.hello.entry)).text
  const shared = /"(\/admin\/assets\/[\w-]+\/runtime\.js)"/.exec(code)![1]!
  expect(code).toContain(shared.replace('runtime', 'sdk'))
  expect(page.text).toContain(shared)
  expect((await get(`${modules.hello.entry.replace('index.tsx', 'hello.css')}?direct`)).text).toContain(
    '@layer plugin{@scope ([data-panel="hello"])',
  )
  stop.resolve()
  await running
}, 60_000)

/** A plugin in a folder of its own, as its author has it. */
async function hello(folder: string) {
  await mkdir(join(folder, 'src/admin'), { recursive: true })
  await writeFile(join(folder, 'src/admin/hello.css'), 'p { color: red }')
  await writeFile(
    join(folder, 'src/admin/index.tsx'),
    `import { Page } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import './hello.css'
export function Hello() {
  const [name] = useState('you')
  return <Page title="Hello"><p>Hello {name}</p></Page>
}`,
  )
  return definePlugin({
    id: 'hello',
    version: '1.0.0',
    requires: { core: '*' },
    admin: { files: new URL('dist/admin/', pathToFileURL(`${folder}/`)) },
  })()
}
