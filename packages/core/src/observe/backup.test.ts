import { sqlite } from '@clientele/adapter-sqlite'
import { createTestClientele, temporaryFolder } from '@clientele/testing'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createClientele, Files, silentLogger, type Clientele } from '../index.ts'
import { backedUp, Entry } from './backed-up.fixture.ts'

const WRITER = fileURLToPath(new URL('./backup-writer.fixture.ts', import.meta.url))
const CLI = fileURLToPath(new URL('../cli/main.ts', import.meta.url))
const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)

function run(file: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['--conditions=@clientele/source', file, ...args])
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** A process that writes 200 entries a second, and the number it has last acknowledged. */
function writer(file: string): {
  last: () => number
  until: (n: number) => Promise<void>
  kill: () => Promise<void>
} {
  const child = run(WRITER, file)
  const ended = once(child, 'exit')
  const seen = { last: 0, heard: (): void => {} }
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    seen.last = Number(text.trim().split('\n').at(-1)!.split(' ')[0])
    seen.heard()
  })
  return {
    last: () => seen.last,
    async until(n) {
      while (seen.last < n) await new Promise<void>((resolve) => (seen.heard = resolve))
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function open(file: string): Promise<Clientele<[ReturnType<typeof backedUp>]>> {
  const cdp = createClientele({ storage: sqlite(file), plugins: [backedUp()], logger: silentLogger() })
  onTestFinished(() => cdp.stop())
  await cdp.start({ workers: false })
  return cdp
}

test(
  'a backup under 200 writes a second ends, and has all that was acknowledged before it',
  { timeout: 60_000 },
  async () => {
    const folder = await temporaryFolder()
    const live = join(folder, 'shop.db')
    const cdp = await open(live)
    await cdp.as().tx(async (t) => {
      for (let i = 0; i < 20_000; i++) await t.repo(Entry).insert({ n: -i, text: 'y'.repeat(300) })
    })
    const { ctx, get } = cdp.as()
    const receipt = { name: 'receipt.txt', permission: 'files:read' }
    const { id } = await get(Files).put(ctx, receipt, Readable.from(['paid']))
    const writing = writer(live)
    await writing.until(50)

    const before = writing.last()
    const copy = join(folder, 'backups', 'shop.db')
    const steps: number[] = []
    const made = await cdp.operate.backup(copy, { onProgress: ({ done }) => steps.push(done) })
    await writing.until(writing.last() + 5)
    await writing.kill()

    expect(made).toMatchObject({
      file: copy,
      verified: ['integrity', 'foreign keys', 'tables'],
      files: { folder: `${copy}.files`, count: 1 },
      keyFile: `${live}.keys`,
    })
    expect(steps.length).toBeGreaterThan(2)
    expect((await readdir(join(folder, 'backups'))).toSorted()).toEqual(['shop.db', 'shop.db.files'])
    const restored = await open(copy)
    const rows = (await restored
      .as()
      .db.selectFrom('entries')
      .select('n')
      .where('n', '>', 0)
      .orderBy('n')
      .execute()) as { n: number }[]
    expect(rows.length).toBeGreaterThanOrEqual(before)
    // As of one instant: none is missing in between.
    expect(rows.map(({ n }) => n)).toEqual(rows.map((_, place) => place + 1))
    const opened = await restored.as().get(Files).open(restored.as().ctx, id)
    expect(await text(opened.content)).toBe('paid')
    const found = await restored.operate.diagnose({ deep: true })
    expect(found.filter(({ status }) => status === 'fail')).toEqual([])
    expect(found).toContainEqual({
      name: 'data',
      status: 'ok',
      message: 'Every page and every reference is sound',
    })
  },
)

test(
  'a backup that is killed half-way leaves nothing under its name, and the next one succeeds',
  { timeout: 60_000 },
  async () => {
    const folder = await temporaryFolder()
    const cdp = await open(join(folder, 'shop.db'))
    await cdp.as().tx(async (t) => {
      for (let i = 0; i < 30_000; i++) await t.repo(Entry).insert({ n: i, text: 'y'.repeat(2000) })
    })
    await writeFile(
      join(folder, 'cdp.ts'),
      `import { sqlite } from ${source('../../../adapter-sqlite/src/index.ts')}
     import { createClientele, silentLogger } from ${source('../index.ts')}
     import { backedUp } from ${source('./backed-up.fixture.ts')}
     export const cdp = createClientele({ storage: sqlite(${JSON.stringify(join(folder, 'shop.db'))}), plugins: [backedUp()], logger: silentLogger() })`,
    )
    const copy = join(folder, 'copy', 'shop.db')
    const child = run(CLI, 'backup', copy, '--entry', join(folder, 'cdp.ts'))
    const ended = once(child, 'exit')
    await new Promise<void>((resolve) =>
      child.stderr!.on('data', (text) => /database [1-5]0 %/.test(String(text)) && resolve()),
    )
    child.kill('SIGKILL')
    await ended

    const left = await readdir(join(folder, 'copy'))
    expect(left).not.toContain('shop.db')
    expect(left.length).toBeGreaterThan(0)

    await cdp.operate.backup(copy)
    expect(await readdir(join(folder, 'copy'))).toEqual(['shop.db'])
    const restored = await open(copy)
    expect(await restored.as().db.selectFrom('entries').select('n').limit(1).execute()).toHaveLength(1)
  },
)

test('a backup replaces none unless told, and never the database itself', async () => {
  const folder = await temporaryFolder()
  const live = join(folder, 'shop.db')
  const cdp = await open(live)
  const copy = join(folder, 'copy.db')
  await cdp.operate.backup(copy)
  await (await open(copy)).stop()

  await expect(cdp.operate.backup(copy)).rejects.toMatchObject({ code: 'backup.exists' })
  await cdp.as().tx((t) => t.repo(Entry).insert({ n: 1, text: 'new' }))
  await cdp.operate.backup(copy, { overwrite: true })
  expect(await (await open(copy)).as().db.selectFrom('entries').select('n').execute()).toEqual([{ n: 1 }])

  await symlink(folder, join(folder, 'elsewhere'))
  const again = cdp.operate.backup(join(folder, 'elsewhere', 'shop.db'), { overwrite: true })
  await expect(again).rejects.toThrow('that is the database itself')
  await expect(cdp.operate.backup(live, { overwrite: true })).rejects.toThrow('that is the database itself')
  expect(await cdp.as().db.selectFrom('entries').select('n').execute()).toEqual([{ n: 1 }])
})

test('a backup takes the place of no folder, and of nothing that the database lives on', async () => {
  const folder = await temporaryFolder()
  const live = join(folder, 'shop.db')
  const cdp = await open(live)
  await cdp.as().tx((t) => t.repo(Entry).insert({ n: 1, text: 'kept' }))
  const { ctx, get } = cdp.as()
  await get(Files).put(ctx, { name: 'receipt.txt', permission: 'files:read' }, Readable.from(['paid']))
  await mkdir(join(folder, 'backups'))
  await writeFile(join(folder, 'backups', 'monday.db'), 'precious')
  await symlink(folder, join(folder, 'elsewhere'))
  const before = (await readdir(folder, { recursive: true })).toSorted()
  const keys = await readFile(`${live}.keys`, 'utf8')

  for (const [target, reason] of [
    [join(folder, 'backups'), 'that is a folder'],
    [folder, 'that is a folder'],
    [`${live}.files`, 'that is a folder'],
    [join(`${live}.files`, 'copy.db'), 'among the files of the database'],
    [`${live}.keys`, 'a part of the database'],
    [`${live}-wal`, 'a part of the database'],
    [`${live}-journal`, 'a part of the database'],
    [join(folder, 'elsewhere', 'shop.db.keys'), 'a part of the database'],
  ] as const) {
    await expect(cdp.operate.backup(target, { overwrite: true }), target).rejects.toThrow(reason)
  }
  expect((await readdir(folder, { recursive: true })).toSorted()).toEqual(before)
  expect(await readFile(`${live}.keys`, 'utf8')).toBe(keys)
  expect(await readFile(join(folder, 'backups', 'monday.db'), 'utf8')).toBe('precious')
})

test('a place where no file can be made is named as such', async () => {
  const folder = await temporaryFolder()
  const cdp = await open(join(folder, 'shop.db'))
  await writeFile(join(folder, 'plain'), '')
  for (const target of [join(folder, 'plain', 'copy.db'), join(folder, 'x'.repeat(300)), `${folder}/nul\0`])
    await expect(cdp.operate.backup(target), target).rejects.toMatchObject({ code: 'backup.failed' })
})

test('a damaged database is not called a backup', async () => {
  const folder = await temporaryFolder()
  const live = join(folder, 'shop.db')
  const cdp = await open(live)
  await cdp.as().tx(async (t) => {
    for (let i = 0; i < 500; i++) await t.repo(Entry).insert({ n: i, text: 'y'.repeat(300) })
  })
  await cdp.stop()
  const bytes = await readFile(live)
  bytes.fill(0xee, bytes.length - 20_000, bytes.length - 8000)
  await writeFile(live, bytes)
  const damaged = createClientele({ storage: sqlite(live), plugins: [backedUp()], logger: silentLogger() })
  onTestFinished(() => damaged.stop())

  await expect(damaged.operate.backup(join(folder, 'copy.db'))).rejects.toMatchObject({
    code: 'backup.failed',
  })
  expect((await readdir(folder)).filter((name) => name.startsWith('copy'))).toEqual([])
  const found = await damaged.operate.diagnose({ deep: true })
  expect(found.find(({ name }) => name === 'data')).toMatchObject({ status: 'fail' })
})

test('without a database there is nothing to back up, and none is made by asking', async () => {
  const folder = await temporaryFolder()
  const cdp = createClientele({
    storage: sqlite(join(folder, 'shop.db')),
    plugins: [],
    logger: silentLogger(),
  })
  onTestFinished(() => cdp.stop())

  await expect(cdp.operate.backup(join(folder, 'copy.db'))).rejects.toMatchObject({
    code: 'observe.no_database',
  })
  expect(await cdp.operate.diagnose()).toContainEqual(
    expect.objectContaining({ name: 'database', status: 'warn' }),
  )
  expect(await readdir(folder)).toEqual([])
})

test('a PostgreSQL backup is made by its own tools, or says the command', async () => {
  const t = await createTestClientele({ storage: 'postgres', plugins: [backedUp()] })
  const folder = await temporaryFolder()
  const made = await t.cdp.operate.backup(join(folder, 'shop.dump')).catch((error: unknown) => error)
  // pg_dump refuses a server that is newer than itself.
  if (made instanceof Error)
    expect(made).toMatchObject({
      code: expect.stringMatching(/^(backup\.failed|postgres\.no_tool)$/) as string,
    })
  expect(await readdir(folder)).toEqual(made instanceof Error ? [] : ['shop.dump'])
})
