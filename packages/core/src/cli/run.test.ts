import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temporaryFolder } from '@clientele/testing'
import { expect, test } from 'vitest'
import { CORE_VERSION } from '../version.ts'
import type { Io } from './io.ts'
import { run } from './run.ts'

const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)

/** A host's project: a composition over a SQLite file, with one plugin of two migrations and a route. */
const COMPOSITION = `
import { sqlite } from ${source('../../../adapter-sqlite/src/index.ts')}
import { col, createClientele, definePlugin, silentLogger } from './core.ts'

const table = (name) => ({
  up: (m) => m.createTable({ name, columns: { title: col.text() } }),
  down: (m) => m.dropTable(name),
})
const notes = definePlugin({
  id: 'notes',
  version: '1.0.0',
  requires: { core: '*' },
  migrations: { '0001-notes': table('notes'), '0002-tags': table('tags') },
  permissions: { 'notes:read': { label: 'Read notes' } },
})
export const cdp = createClientele({
  storage: sqlite(new URL('./data.db', import.meta.url).pathname),
  plugins: [notes()],
  logger: silentLogger(),
})
`

async function project(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = await temporaryFolder()
  await mkdir(join(cwd, 'src'))
  const all = {
    'package.json': manifest('cdp.ts'),
    'src/core.ts': `export * from ${source('../index.ts')}`,
    'src/cdp.ts': COMPOSITION,
    ...files,
  }
  for (const [name, text] of Object.entries(all)) await writeFile(join(cwd, name), text)
  return cwd
}

function manifest(entry: string): string {
  return JSON.stringify({ type: 'module', clientele: { entry: `./src/${entry}` } })
}

/** Every command line is a process of its own: here it gets at least a composition of its own. */
let calls = 0
async function renew(cwd: string): Promise<void> {
  const entry = `cdp-${++calls}.ts`
  await copyFile(join(cwd, 'src/cdp.ts'), join(cwd, 'src', entry))
  await writeFile(join(cwd, 'package.json'), manifest(entry))
}

async function call(cwd: string, line: string, io: Partial<Io> = {}) {
  const written = { stdout: '', stderr: '' }
  const code = await run(line.split(' ').filter(Boolean), {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    cwd,
    ...io,
  })
  return { code, ...written }
}

test('migrate runs, shows and undoes the migrations of the composition that package.json names', async () => {
  const cwd = await project()

  const before = await call(cwd, 'migrate status --json')
  expect(before.code).toBe(0)
  expect(
    (JSON.parse(before.stdout) as { pending: { plugin: string }[] }).pending.filter(
      ({ plugin }) => plugin === 'notes',
    ),
  ).toEqual([
    { plugin: 'notes', name: '0001-notes' },
    { plugin: 'notes', name: '0002-tags' },
  ])

  await renew(cwd)
  expect((await call(cwd, 'migrate up')).stdout).toMatch(
    /ran {2}notes\/0001-notes\nran {2}notes\/0002-tags\n\d+ migrations ran\n$/,
  )
  await renew(cwd)
  expect((await call(cwd, 'migrate up')).stdout).toBe('Nothing to do: all migrations have run\n')
  await renew(cwd)
  expect((await call(cwd, 'migrate status')).stdout).toMatch(
    /^STATE {4}PLUGIN {2}MIGRATION +AT\napplied {2}core .*\napplied {2}notes {3}0001-notes +20/ms,
  )

  await renew(cwd)
  expect(await call(cwd, 'migrate down --plugin notes --steps 1')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'This would undo notes/0002-tags, and what their tables hold is lost: add --yes to do it\nSee clientele migrate down --help\n',
  })
  await renew(cwd)
  expect(await call(cwd, 'migrate down --plugin notes --steps 1 --yes')).toEqual({
    code: 0,
    stdout: 'undone  notes/0002-tags\n1 migration undone\n',
    stderr: '',
  })
  await renew(cwd)
  expect((await call(cwd, 'migrate status')).stdout).toMatch(
    /pending {2}notes +0002-tags\n1 migration pending: clientele migrate up\n$/,
  )
})

test('openapi prints the document or writes it to a file', async () => {
  const cwd = await project()

  const { stdout } = await call(cwd, 'openapi')
  expect(JSON.parse(stdout)).toMatchObject({ openapi: '3.1.0' })

  expect(await call(cwd, 'openapi --out api.json')).toMatchObject({
    code: 0,
    stdout: `Wrote ${join(cwd, 'api.json')}\n`,
  })
  expect(await readFile(join(cwd, 'api.json'), 'utf8')).toBe(stdout)
})

test('routes lists method, path, permission and plugin', async () => {
  const cwd = await project()

  const { stdout } = await call(cwd, 'routes --json')
  const [first] = JSON.parse(stdout) as Record<string, string>[]
  expect(first).toMatchObject({
    method: expect.stringMatching(/^[A-Z]+$/) as string,
    path: expect.stringMatching(/^\//) as string,
    plugin: 'core',
  })

  const table = (await call(cwd, 'routes')).stdout
  expect(table).toMatch(/^METHOD {2}PATH +PERMISSION +PLUGIN\n/)
  expect(table).toContain(first?.['permission'] ?? 'a permission')
})

test('worker runs until it is asked to stop', async () => {
  const cwd = await project()
  let stop = (): void => {}
  const stopRequested = () => new Promise<void>((resolve) => (stop = resolve))
  const stderr = { write: (text: string) => text.startsWith('Worker started') && stop() }

  expect(await call(cwd, 'worker', { stopRequested, stderr })).toMatchObject({ code: 0 })
})

test('--entry names another composition', async () => {
  const cwd = await project({
    'package.json': '{}',
    'src/other.ts': `export { cdp as default } from './cdp.ts'`,
  })

  expect(await call(cwd, '--entry src/other.ts migrate up')).toMatchObject({ code: 0, stderr: '' })
})

test('every command explains itself without a composition', async () => {
  for (const line of [
    '--help',
    'migrate --help',
    'migrate up --help',
    'worker --help',
    'openapi --help',
    'routes --help',
    'backup --help',
    'doctor --help',
    'migrate new --help',
  ]) {
    expect(await call(tmpdir(), line)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage: clientele /) as string,
      stderr: '',
    })
  }
  expect(await call(tmpdir(), '--version')).toMatchObject({ code: 0, stdout: `clientele ${CORE_VERSION}\n` })
})

test.for<readonly [line: string, sentence: string]>([
  ['', 'Name a command'],
  ['migrat', 'There is no command "migrat"'],
  ['migrate', 'Say what to migrate; there are migrate up, migrate down, migrate status, migrate new\n'],
  ['migrate ip', 'There is no command "migrate ip"; there are migrate up,'],
  ['migrate up --stepps 1', "Unknown option '--stepps'"],
  ['migrate up --steps 1', '"clientele migrate up" takes no option --steps'],
  ['backup', '"clientele backup" needs FILE: Where the copy goes'],
  ['backup a.db b.db', '"clientele backup" has no use for "b.db"\nSee clientele backup --help'],
  ['migrate new Tags', 'A migration\'s name is of lower-case words with hyphens, not "Tags"'],
  ['migrate new tags --plugin src/none', 'Cannot find the plugin'],
  ['migrate new tags --plugin src/cdp.ts', 'exports no plugin'],
  ['migrate down --steps none', '--steps takes a number from 1, not "none"'],
  ['routes --entry src/none.ts', 'Cannot find the composition'],
  ['routes --entry src/core.ts', 'exports no composition'],
  ['routes --entry package.json', 'package.json'],
])('wrong use "%s" is answered by one sentence and exit code 2', async ([line, sentence]) => {
  const cwd = await project()

  const { code, stdout, stderr } = await call(cwd, line)

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(sentence)
  expect(stderr).toMatch(/^[^\n]+\nSee clientele( [a-z]+)* --help\n$/)
})

test('a package.json that names no composition is wrong use', async () => {
  const cwd = await project({ 'package.json': '{}' })

  expect(await call(cwd, 'routes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"clientele": { "entry"') as string,
  })
})

test('a failure is one sentence and exit code 1, with a stack only on demand', async () => {
  const cwd = await project({
    'src/cdp.ts': COMPOSITION.replace('m.dropTable(name)', `m.execute('DROP nothing')`),
  })
  await call(cwd, 'migrate up')

  await renew(cwd)
  const brief = await call(cwd, 'migrate down --plugin notes --yes')
  expect(brief).toMatchObject({ code: 1, stdout: '' })
  expect(brief.stderr).toMatch(/^Cannot migrate down "notes\/0002-tags": [^\n]+\n$/)

  await renew(cwd)
  expect((await call(cwd, 'migrate down --plugin notes --yes --verbose')).stderr).toMatch(
    /\n {4}at .*caused by: /s,
  )
})

test('a module that cannot be imported is a failure', async () => {
  const cwd = await project({ 'src/cdp.ts': `throw new Error('DATABASE_URL is missing')` })

  expect(await call(cwd, 'routes')).toMatchObject({ code: 1, stderr: 'DATABASE_URL is missing\n' })
})

test('colours appear only where they are welcome', async () => {
  const cwd = await project()

  expect((await call(cwd, 'migrate status', { colour: true })).stdout).toContain(
    '\u001B[33mpending\u001B[39m',
  )
  await renew(cwd)
  expect((await call(cwd, 'migrate status')).stdout).not.toContain('\u001B')
})

test('migrate status and doctor make no database by looking for it', async () => {
  const cwd = await project()

  expect((await call(cwd, 'migrate status')).stdout).toMatch(/pending +notes +0001-notes\n/)
  await renew(cwd)
  const { code, stdout } = await call(cwd, 'doctor')
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^warn +database +There is no /m) as string,
  })
  expect((await readdir(join(cwd, 'src'))).filter((name) => name.startsWith('data.db'))).toEqual([])
})

test('doctor lists what it looked at, with the way out, and fails when something is wrong', async () => {
  const cwd = await project()
  await call(cwd, 'migrate up')

  await renew(cwd)
  // The plugin has no entities for the tables that its migrations make.
  const drifting = await call(cwd, 'doctor')
  expect(drifting).toMatchObject({ code: 1, stderr: 'Something is wrong: schema\n' })
  expect(drifting.stdout).toMatch(/^ok +durability +SQLite \S+ keeps what it has acknowledged/m)
  expect(drifting.stdout).toMatch(/^fail +schema +no entity says .*\n +→ Write the missing migration/m)
  expect(drifting.stdout).toMatch(/^warn +keys +The file .* is missing/m)

  await writeFile(join(cwd, 'src/data.db.keys'), `k1:${Buffer.alloc(32, 7).toString('base64')}`)
  await chmod(join(cwd, 'src/data.db.keys'), 0o644)
  await renew(cwd)
  const checks = JSON.parse((await call(cwd, 'doctor --json --deep')).stdout) as { name: string }[]
  const of = (name: string) => checks.find((check) => check.name === name)
  expect(of('keys')).toMatchObject({ status: 'fail', wayOut: expect.stringContaining('chmod 600') as string })
  expect(of('data')).toMatchObject({ status: 'ok', message: 'Every page and every reference is sound' })
  expect(of('packages')).toMatchObject({ status: 'ok' })
})

test('a composition that starts itself is refused before it does anything', async () => {
  const cwd = await project({ 'src/cdp.ts': `${COMPOSITION}\nawait cdp.start()` })

  const { code, stderr } = await call(cwd, 'routes')
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^Cannot start: the command line has only loaded .*cdp\.ts; export the composition from a module that starts nothing\n$/,
  )
  expect((await readdir(join(cwd, 'src'))).filter((name) => name.startsWith('data.db'))).toEqual([])
})

test('backup copies the database, says where the keys are, and replaces nothing unasked', async () => {
  const cwd = await project()
  await call(cwd, 'migrate up')

  await renew(cwd)
  const made = await call(cwd, 'backup copies/shop.db')
  expect(made.code).toBe(0)
  expect(made.stdout).toMatch(/^Backed up [\d.]+ KB to copies\/shop\.db; checked: integrity, foreign keys/)
  expect(made.stdout).toContain('The keys are NOT in it')
  expect(made.stderr).toContain('database 100 %\n')

  await renew(cwd)
  expect(await call(cwd, 'backup copies/shop.db')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^Cannot back up: .*shop\.db is there already; .*--force\)\n$/) as string,
  })
  await renew(cwd)
  expect(await call(cwd, 'backup copies/shop.db --force')).toMatchObject({ code: 0 })
})

const WITH_COMMAND = COMPOSITION.replace('col, createClientele', 'col, Commands, createClientele').replace(
  '  migrations:',
  `  contributes: [
    Commands.add({
      name: 'notes count',
      summary: 'Count the notes',
      options: { loud: { type: 'boolean', description: 'Shout' } },
      async run({ values, io, cdp }) {
        await cdp.start({ workers: false })
        io.stdout.write(\`\${(await cdp.operate.tenants()).join()} \${values.loud ? 'NONE' : 'none'}\\n\`)
      },
    }),
  ],
  migrations:`,
)

test('plugins add commands, with options and help of their own', async () => {
  const cwd = await project({ 'src/cdp.ts': WITH_COMMAND })
  expect(await call(cwd, 'notes count --loud')).toMatchObject({ code: 0, stdout: 'default NONE\n' })
  expect((await call(cwd, 'notes count --help')).stdout).toContain('Usage: clientele notes count [options]')
  expect((await call(cwd, '--help')).stdout).toMatch(/^ {2}migrate up .*^ {2}notes count /ms)
  expect(await call(cwd, 'notes')).toMatchObject({ code: 2 })
  const wrong = await call(cwd, 'notes count --quiet')
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("Unknown option '--quiet'")])
})
