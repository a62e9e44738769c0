import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const PRINTED = resolve(ROOT, 'tools/reference/.printed')

/** Guides that print a plugin, then its test; each with the plugin's name. */
const GUIDES = [
  ['write-a-plugin', 'notes'],
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
  ['admin', 'vouchers'],
] as const

/** File → the states of its tests, of the one run over all that the guides print. */
let results: ReadonlyMap<string, readonly string[]>

beforeAll(async () => {
  for (const [page, plugin] of GUIDES) {
    const [code, itsTest] = await codeOf(page)
    await place(page, { [`${plugin}.ts`]: code!, [`${plugin}.test.ts`]: itsTest! })
  }
  const [segmentsTest] = await codeOf('segments')
  await place('segments', { 'segments.test.ts': segmentsTest! })
  results = await runPrinted()
}, 240_000)

afterAll(() => rm(PRINTED, { recursive: true, force: true }))

test.each(GUIDES)('the plugin of the guide "%s" passes its test as printed', async (page, plugin) => {
  expect(results.get(resolve(PRINTED, page, `${plugin}.test.ts`))).toEqual(['passed', 'passed'])
  const module = (await import(pathToFileURL(resolve(PRINTED, page, `${plugin}.ts`)).href)) as object
  expect(Object.keys(module)).toContain(plugin)
})

test('the test of "Segments" passes as printed', () => {
  expect(results.get(resolve(PRINTED, 'segments/segments.test.ts'))).toEqual(['passed', 'passed'])
})

test('the plugin of "Write a plugin" fits on a screen', async () => {
  const [plugin] = await codeOf('write-a-plugin')
  expect(plugin!.split('\n').filter(Boolean).length).toBeLessThanOrEqual(40)
})

/** The TypeScript blocks of a guide, as printed. */
async function codeOf(page: string): Promise<string[]> {
  const text = await readFile(resolve(ROOT, `docs/guides/${page}.md`), 'utf8')
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]!)
}

/** Puts files where the workspace's packages resolve. */
async function place(page: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(resolve(PRINTED, page), { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(resolve(PRINTED, page, name), text)
}

/** Runs the tests that were put there, on both databases. */
async function runPrinted(): Promise<ReadonlyMap<string, readonly string[]>> {
  const report = resolve(PRINTED, 'report.json')
  const vitest = resolve(ROOT, 'node_modules/vitest/vitest.mjs')
  const args = ['run', '--config', 'tools/reference/printed.config.ts']
  // A run of its own: what this run tells its workers must not reach it.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
  await promisify(execFile)(
    process.execPath,
    [vitest, ...args, '--reporter', 'json', '--outputFile', report],
    { cwd: ROOT, env: { ...env, CLIENTELE_TEST_PG: inject('postgresUrl') } },
    // What failed is read in the report.
  ).catch(() => undefined)
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as {
    testResults: readonly { name: string; assertionResults: readonly { status: string }[] }[]
  }
  return new Map(
    testResults.map(({ name, assertionResults }) => [name, assertionResults.map(({ status }) => status)]),
  )
}
