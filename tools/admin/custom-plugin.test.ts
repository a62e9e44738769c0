import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { delimiter, dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { temporaryFolder, testToken } from '@clientele/testing'
import { expect, onTestFinished, test } from 'vitest'
import { openBrowser } from '../client/chromium.fixture.ts'
import { complaintsOf } from './admin.fixture.ts'

const PLUGIN = 'clientele-plugin-loyalty'

// What somebody writes who installed it.
const APP = `
import { sqlite } from '@clientele/adapter-sqlite'
import { admin } from '@clientele/admin'
import { createClientele, silentLogger } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import { testAccess } from '@access'
import { loyalty } from '${PLUGIN}'
import express from 'express'

const cdp = createClientele({
  storage: sqlite('shop.db'),
  plugins: [customers(), loyalty(), admin()],
  authenticators: [testAccess()],
  logger: silentLogger(),
})
await cdp.start()
const { api } = cdp.as()
await api.customers.create({ body: { email: 'ana@example.com', firstName: 'Ana' } })
const server = express().use(cdp.router()).listen(0, 'localhost', () => console.log('port', server.address().port))
`

test(
  'a plugin from a tarball brings its panels along, and nothing of the admin is built again',
  { timeout: 120_000 },
  async (context) => {
    const browser = await openBrowser(context)
    const before = builtShell()
    const url = await startApp(await installPlugin())
    const page = await browser.newPage({
      locale: 'en-US',
      extraHTTPHeaders: { authorization: testToken({}) },
    })
    const complaints = complaintsOf(page)
    const navigation = page.getByRole('navigation', { name: 'Main navigation' })

    await page.goto(`${url}/admin`)
    await navigation.getByRole('link', { name: 'Loyalty', exact: true }).click()
    await page.getByRole('heading', { name: 'Nobody has points yet' }).waitFor()

    await navigation.getByRole('link', { name: 'Customers' }).click()
    await page.getByRole('link', { name: 'Ana', exact: true }).click()
    await page.getByRole('button', { name: 'Give 10 points' }).click()
    await page.getByText('10 points', { exact: true }).waitFor()
    await page.keyboard.press('Escape')

    await navigation.getByRole('link', { name: 'Loyalty', exact: true }).click()
    const row = page.getByRole('row').filter({ hasText: 'ana@example.com' })
    await row.waitFor()
    expect(await row.innerText()).toMatch(/10$/)
    await navigation.getByRole('link', { name: 'Awards' }).click()
    await page.getByRole('link', { name: 'A good talk' }).waitFor()

    expect(complaints).toEqual([])
    expect(builtShell()).toEqual(before)
  },
)

/** When each file of the shell was built. */
function builtShell(): readonly (readonly [string, number])[] {
  return globSync('packages/admin/dist/app/*').map((file) => [file, statSync(file).mtimeMs] as const)
}

/** Builds and packs the example and unpacks it into a project of its own. */
async function installPlugin(): Promise<string> {
  const project = await temporaryFolder()
  const env = {
    ...process.env,
    NODE_OPTIONS: '--conditions=@clientele/source',
    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`,
  }
  const folder = resolve('examples/custom-plugin')
  execFileSync(process.execPath, [resolve('node_modules/tsup/dist/cli-default.js'), '--silent'], {
    cwd: folder,
    env,
  })
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', project], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  const home = join(project, 'node_modules', PLUGIN)
  await mkdir(home, { recursive: true })
  execFileSync('tar', ['-xzf', join(project, packed.trim()), '-C', home, '--strip-components=1'])
  for (const name of ['@clientele', 'express', 'zod'])
    symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name), 'junction')
  writeFileSync(
    join(project, 'app.mjs'),
    APP.replace('@access', resolve('packages/testing/src/test-access.ts')),
  )
  return project
}

async function startApp(project: string): Promise<string> {
  const child = spawn(process.execPath, ['--conditions=@clientele/source', 'app.mjs'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  for await (const line of createInterface(child.stdout)) {
    const port = /^port (\d+)$/.exec(line)?.[1]
    if (port) {
      child.stdout.resume()
      return `http://localhost:${port}`
    }
  }
  throw new Error('The app ended before it listened')
}
