import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, inject, onTestFinished, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

/** The TypeScript blocks of a page, as printed. */
async function codeOf(page: string): Promise<string[]> {
  const text = await readFile(resolve(ROOT, page), 'utf8')
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]!)
}

/** Puts files where the workspace's packages resolve, and takes them away after the test. */
async function place(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = resolve(ROOT, 'tools/reference/.printed')
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(resolve(folder, name)), { recursive: true })
    await writeFile(resolve(folder, name), text)
  }
  return folder
}

/** Runs the test that a page prints after its plugin; answers the page's plugin as a module. */
async function runPrinted(page: string, plugin: string): Promise<object> {
  const [code, itsTest] = await codeOf(page)
  const folder = await pass({ [`${plugin}.ts`]: code!, [`${plugin}.test.ts`]: itsTest! })
  return (await import(pathToFileURL(resolve(folder, `${plugin}.ts`)).href)) as object
}

/** Runs the one test of these files, which passes on both databases; answers where they lie. */
async function pass(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await place(files)
  const report = resolve(folder, 'report.json')
  const vitest = resolve(ROOT, 'node_modules/vitest/vitest.mjs')
  const args = [
    'run',
    '--config',
    'tools/reference/printed.config.ts',
    '--reporter',
    'json',
    '--outputFile',
    report,
  ]
  // A run of its own: what this run tells its workers must not reach it.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
  const options = { cwd: ROOT, env: { ...env, CLIENTELE_TEST_PG: inject('postgresUrl') } }
  await promisify(execFile)(process.execPath, [vitest, ...args], options)
  expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({ numPassedTests: 2, numFailedTests: 0 })
  return folder
}

test('the plugin of "Write a plugin" passes its test as printed', { timeout: 60_000 }, async () => {
  const [plugin] = await codeOf('docs/guides/write-a-plugin.md')
  expect(plugin!.split('\n').filter(Boolean).length).toBeLessThanOrEqual(40)
  expect(Object.keys(await runPrinted('docs/guides/write-a-plugin.md', 'notes'))).toContain('notes')
})

test.each([
  ['schedules', 'digest'],
  ['jobs', 'labels'],
  ['operate', 'deliveries'],
  ['search', 'library'],
  ['http-client', 'rename'],
  ['bulk', 'tidy'],
  ['retries', 'tickets'],
  ['rate-limits', 'doors'],
  ['live-updates', 'tasks'],
  ['files', 'printing'],
  ['mail', 'invite'],
  ['audit', 'pricing'],
  ['import-and-export', 'garden'],
  ['send-events', 'visit'],
  ['profiles', 'shop'],
  ['ask-what-customers-bought', 'teaDrinkers'],
  ['ask-what-customers-did', 'undecided'],
  ['webhooks', 'hearing'],
  ['privacy', 'reviews'],
  ['accounts', 'people'],
  ['roles-and-keys', 'vouchers'],
])('the plugin of "%s" passes its test as printed', { timeout: 60_000 }, async (page, plugin) => {
  expect(Object.keys(await runPrinted(`docs/guides/${page}.md`, plugin))).toContain(plugin)
})

test('the test of "Segments" passes as printed', { timeout: 60_000 }, async () => {
  const [itsTest] = await codeOf('docs/guides/segments.md')
  await pass({ 'segments.test.ts': itsTest! })
})
