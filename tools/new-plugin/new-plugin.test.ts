import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { lockfileProblems, type Lockfile } from '../lockcheck/lockfile.ts'
import { workspaceCopy } from './workspace-copy.fixture.ts'

interface Ran {
  readonly code: number
  readonly output: string
}

/** Runs a script of the copy. What this run tells its workers must not reach it. */
async function run(copy: string, script: string, ...args: readonly string[]): Promise<Ran> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
  const options = { cwd: copy, env: { ...env, CLIENTELE_TEST_PG: inject('postgresUrl') } }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...args], options)
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, output: stdout + stderr }
  }
}

const create = (copy: string, ...args: readonly string[]): Promise<Ran> =>
  run(copy, 'tools/new-plugin/main.ts', ...args)

test('a new plugin passes the gate as it is, on both databases', { timeout: 180_000 }, async () => {
  const copy = await workspaceCopy()
  expect(await create(copy, 'gift-cards')).toMatchObject({ code: 0 })
  expect(await create(copy, 'loyalty', '--noun', 'person', '--plural', 'people')).toMatchObject({ code: 0 })
  const folders = ['packages/plugin-gift-cards', 'packages/plugin-loyalty']
  const checks: readonly (readonly [script: string, ...args: string[]])[] = [
    ['node_modules/oxfmt/bin/oxfmt', '--check', ...folders, 'tsconfig.json', 'docs/reference'],
    ['node_modules/oxlint/bin/oxlint', ...folders],
    ['tools/boundaries/main.ts'],
    [
      'node_modules/knip/bin/knip.js',
      '--no-config-hints',
      ...folders.flatMap((folder) => ['--workspace', folder]),
    ],
  ]
  for (const [script, ...args] of checks) {
    const { code, output } = await run(copy, script, ...args)
    // Of the rest of the workspace the gate asks by itself.
    const isAboutOthers =
      /^(packages|bench|tools|examples)\//m.test(output) || output.includes('package.json')
    expect(code === 0 || isAboutOthers, `${script}: ${output}`).toBe(true)
    expect(output.split('\n').filter((line) => code !== 0 && names(line, folders))).toEqual([])
  }
  expect(await typeErrorsOf(copy, folders)).toEqual([])

  const tests = ['tools/reference/errors-page.test.ts', ...folders]
  const report = ['--reporter=json', '--outputFile=report.json']
  const { output } = await run(copy, 'node_modules/vitest/vitest.mjs', 'run', ...tests, ...report)
  const results = JSON.parse(await readFile(join(copy, 'report.json'), 'utf8')) as Results
  const all = results.testResults.flatMap((file) => file.assertionResults)
  expect(
    all.filter(({ status }) => status !== 'passed'),
    output,
  ).toEqual([])
  const titles = all.map(({ fullName }) => fullName)
  for (const storage of ['sqlite', 'postgres']) {
    for (const id of ['gift-cards', 'loyalty']) {
      expect(titles.filter((name) => name.includes(`plugin conformance: ${id} on ${storage}`))).toHaveLength(
        3,
      )
    }
    expect(titles.filter((name) => name.startsWith(`on ${storage} what is closed`))).toHaveLength(2)
  }

  const lockfile = JSON.parse(await readFile(join(copy, 'package-lock.json'), 'utf8')) as Lockfile
  expect(lockfile.packages).toMatchObject({
    'node_modules/@clientele/plugin-loyalty': { resolved: 'packages/plugin-loyalty', link: true },
  })
  expect(lockfileProblems(lockfile)).toEqual([])

  expect(await create(copy, 'gift-cards')).toMatchObject({
    code: 1,
    output: expect.stringContaining('packages/plugin-gift-cards is there already'),
  })
  expect(await create(copy, 'vouchers', '--noun', 'gift-card')).toMatchObject({
    code: 1,
    output: expect.stringContaining('The entity "giftCards" is taken by packages/plugin-gift-cards/src/'),
  })
})

/** What the compiler says of the folders. */
async function typeErrorsOf(copy: string, folders: readonly string[]): Promise<readonly string[]> {
  const include = [...folders.map((folder) => `${folder}/src`), 'packages/testing/src']
  // Declarations too, which name more than the code does.
  const compilerOptions = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: 'declared' }
  const config = { extends: './tsconfig.check.json', compilerOptions, include }
  await writeFile(join(copy, 'new.json'), JSON.stringify(config))
  const { output } = await run(copy, 'node_modules/typescript/bin/tsc', '-p', 'new.json')
  return output.split('\n').filter((line) => names(line, folders))
}

function names(line: string, folders: readonly string[]): boolean {
  return folders.some((folder) => line.includes(folder))
}

interface Results {
  readonly testResults: readonly { readonly assertionResults: readonly OneResult[] }[]
}

interface OneResult {
  readonly fullName: string
  readonly status: string
}

test.each([
  [[], /Name one plugin/],
  [['a', 'b'], /Name one plugin/],
  [['Gift'], /"Gift" cannot name a plugin: it is lower-case letters/],
  [['gift_cards'], /lower-case letters, digits and single hyphens/],
  [['../x'], /lower-case letters/],
  [['x'.repeat(32)], /at most 31/],
  [['class'], /the code means something else by it/],
  [['customers'], /is there already/],
  [['people', '--noun', 'customer'], /is taken by packages\/plugin-customers/],
  [['fish', '--noun', 'fish', '--plural', 'fish'], /One and several are both called "fish"/],
  [['--shape', 'round'], /Unknown option '--shape'/],
])('%j is refused with a sentence, and nothing is written', async (args, sentence) => {
  const { code, output } = await create(process.cwd(), ...args)
  expect(output).toMatch(sentence)
  expect(output).not.toMatch(/\n {4}at /)
  expect(code).toBe(1)
  expect(existsSync('packages/plugin-people') || existsSync('packages/plugin-fish')).toBe(false)
})

test('--help says what it writes', async () => {
  const { code, output } = await create(process.cwd(), '--help')
  expect([code, output]).toEqual([0, expect.stringContaining('--plural')])
})
