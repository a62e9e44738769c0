import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sqlite } from '@clientele/adapter-sqlite'
import { temporaryFolder } from '@clientele/testing'
import { expect, test } from 'vitest'
import { proveMigrations, type AnyPluginFactory } from '../index.ts'
import { run } from './run.ts'

const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)

/** Entities with a bit of everything. */
const FIRST = `
export const Note = defineEntity('notes', { text: col.text(), color: col.text().index() })
export const entities = [Note]
`
const SECOND = `
export const Tag = defineEntity('tags', {
  name: col.text(z.string().min(2)).unique(),
  kind: col.enum(['topic', 'person']).default('topic'),
  parentId: col.ref(() => Tag, { onDelete: 'cascade' }).nullable(),
  weight: col.real().default(0.5),
  price: col.money().nullable(),
  spent: col.amount().default(0),
  key: col.secret().nullable(),
  details: col.json(z.object({ a: z.number() })).nullable(),
  seenAt: col.timestamp().nullable().index(),
  isOpen: col.boolean().default(true),
}, { softDelete: true, importable: true, indexes: [{ on: ['kind', 'name'] }, { on: ['weight'], unique: true, where: 'weight > 1' }] })
export const Currency = defineEntity('currencies', { code: col.text().unique() }, { tenancy: { global: "the world's" } })
export const Note = defineEntity('notes', {
  text: col.text(),
  tagId: col.ref(() => Tag).nullable(),
  title: col.text().default("it's new").unique(),
  pinned: col.boolean().default(false),
}, { indexes: [{ on: ['pinned', 'createdAt'] }] })
export const NoteMetrics = extendEntity(Note, 'noteMetrics', { views: col.integer().default(0) }, { as: 'metrics' })
export const entities = [Note, Tag, Currency, NoteMetrics]
`

const PLUGIN = (entities: string, migrations: readonly string[]): string => `
import { col, defineEntity, definePlugin, extendEntity } from '@clientele/core'
import * as z from 'zod'
${migrations.map((name) => `import { ${constantOf(name)} } from './migrations/${name}.ts'`).join('\n')}
${entities}
export const notes = definePlugin({
  id: 'notes', version: '1.0.0', requires: { core: '*' }, entities,
  migrations: { ${migrations.map((name) => `'${name}': ${constantOf(name)}`).join(', ')} },
})
`

const constantOf = (name: string): string =>
  `m${name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}`

/** Each version is a module of its own, as it is for each process. */
let version = 0

async function place(
  folder: string,
  entities: string,
  migrations: readonly string[],
): Promise<{ plugin: string; entry: string }> {
  const name = `v${++version}`
  const plugin = join(folder, name, 'notes.plugin.ts')
  await mkdir(join(folder, name, 'migrations'), { recursive: true })
  for (const migration of migrations) {
    const from = join(folder, 'migrations', `${migration}.ts`)
    await writeFile(join(folder, name, 'migrations', `${migration}.ts`), await readFile(from, 'utf8'))
  }
  await writeFile(plugin, PLUGIN(entities, migrations).replaceAll(`'@clientele/core'`, source('../index.ts')))
  const entry = join(folder, name, 'cdp.ts')
  await writeFile(
    entry,
    `import { sqlite } from ${source('../../../adapter-sqlite/src/index.ts')}
     import { createClientele, silentLogger } from ${source('../index.ts')}
     import { notes } from './notes.plugin.ts'
     export const cdp = createClientele({ storage: sqlite(${JSON.stringify(join(folder, 'never.db'))}), plugins: [notes()], logger: silentLogger() })`,
  )
  return { plugin, entry }
}

async function migrateNew(folder: string, name: string, placed: { plugin: string; entry: string }) {
  const written = { stdout: '', stderr: '' }
  const code = await run(['migrate', 'new', name, '--plugin', placed.plugin, '--entry', placed.entry], {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    cwd: folder,
  })
  return { code, ...written }
}

/** Keeps a generated file for later versions, with imports that lead to these sources. */
async function keep(folder: string, placed: { plugin: string }, name: string): Promise<string> {
  const text = await readFile(join(placed.plugin, '../migrations', `${name}.ts`), 'utf8')
  await mkdir(join(folder, 'migrations'), { recursive: true })
  await writeFile(
    join(folder, 'migrations', `${name}.ts`),
    text.replaceAll(`'@clientele/core'`, source('../index.ts')),
  )
  return text
}

async function prove(folder: string, placed: { plugin: string }): Promise<readonly string[]> {
  const { notes } = (await import(pathToFileURL(placed.plugin).href)) as { notes: AnyPluginFactory }
  const storages = { migrated: sqlite(join(folder, `${++version}.db`)), scratch: sqlite(':memory:') }
  try {
    return await proveMigrations([notes()], storages)
  } finally {
    await storages.migrated.close()
    await storages.scratch.close()
  }
}

test(
  'what is generated makes the tables of the entities, is undone and runs again',
  { timeout: 60_000 },
  async () => {
    const folder = await temporaryFolder()

    const empty = await place(folder, FIRST, [])
    const first = await migrateNew(folder, 'notes', empty)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(/^Wrote v1\/migrations\/0001-notes\.ts:\n {2}m\.createTable\(notes\)\n/)
    expect(first.stdout).toContain(`import { m0001Notes } from './migrations/0001-notes.ts'`)
    expect(await keep(folder, empty, '0001-notes'))
      .toBe(`import { col, type Migration, type TableDefinition } from '@clientele/core'

// The tables as they are at this version; the entities may move on, these may not.
const notes: TableDefinition = {
  name: 'notes',
  columns: {
    text: col.text(),
    color: col.text().index(),
  },
}
export const m0001Notes: Migration = {
  async up(m) {
    await m.createTable(notes)
  },
  async down(m) {
    await m.dropTable('notes')
  },
}
`)
    expect(await prove(folder, await place(folder, FIRST, ['0001-notes']))).toEqual([])

    const changed = await place(folder, SECOND, ['0001-notes'])
    const second = await migrateNew(folder, 'tags', changed)
    expect(second).toMatchObject({ code: 0, stderr: '' })
    expect(second.stdout).not.toContain('TODO')
    const text = await keep(folder, changed, '0002-tags')
    expect(text).toContain(`// TODO: undo m.dropColumn('notes', 'color', col.text())`)
    // The one thing that only a person knows: what the dropped column was.
    await writeFile(
      join(folder, 'migrations/0002-tags.ts'),
      (await readFile(join(folder, 'migrations/0002-tags.ts'), 'utf8')).replace(
        /\/\/ TODO: undo .*/,
        `await m.addColumn('notes', 'color', col.text().default('').index())`,
      ),
    )
    expect(await prove(folder, await place(folder, SECOND, ['0001-notes', '0002-tags']))).toEqual([])
  },
)

test('a difference that no step is known for is a TODO', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder()
  const first = await place(folder, FIRST, [])
  await migrateNew(folder, 'notes', first)
  await keep(folder, first, '0001-notes')

  const retyped = await place(folder, FIRST.replace('color: col.text()', 'color: col.integer()'), [
    '0001-notes',
  ])
  const { stdout } = await migrateNew(folder, 'colors', retyped)
  expect(stdout).toMatch(
    /TODO {2}no migration makes what the entities say: table notes strict: column color INTEGER/,
  )
  expect(await readFile(join(retyped.plugin, '../migrations/0002-colors.ts'), 'utf8')).toContain(
    '    // TODO: no migration makes',
  )
})

test('without a difference the file is there to be filled in', async () => {
  const folder = await temporaryFolder()
  const placed = await place(folder, 'const entities = []', [])
  expect((await migrateNew(folder, 'move-data', placed)).stdout).toContain(
    'nothing: the entities are what the migrations make',
  )
  expect(await readFile(join(placed.plugin, '../migrations/0001-move-data.ts'), 'utf8'))
    .toBe(`import type { Migration } from '@clientele/core'

export const m0001MoveData: Migration = {
  async up(m) {},
  async down(m) {},
}
`)
})
