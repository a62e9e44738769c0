import { createTestClientele, type TestStorage } from '@clientele/testing'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { Files } from '../files/files.ts'
import { crudRoutes } from '../http/crud.ts'
import type { Migration } from '../migration/migration.ts'
import { definePlugin, type AnyPlugin } from '../plugin/plugin.ts'

const Shelf = defineEntity('shelves', { label: col.text(z.string().max(50)).unique() }, { singular: 'shelf' })

export const Book = defineEntity(
  'books',
  {
    title: col.text(z.string().min(1).max(200)),
    isbn: col.text(z.string().max(20)).nullable().unique(),
    email: col.text(z.email().toLowerCase()).nullable(),
    genre: col.enum(['novel', 'poetry']).default('novel'),
    pages: col.integer(z.number().int().min(1)).nullable(),
    weight: col.real().nullable(),
    isSigned: col.boolean().default(false),
    printedAt: col.timestamp().nullable(),
    price: col.money().nullable(),
    extra: col.json(z.record(z.string(), z.json())).nullable(),
    shelfId: col.ref(() => Shelf).nullable(),
    code: col.secret().nullable(),
  },
  { importable: true, softDelete: true, label: 'title' },
)

/** Notes hang on books and go with them. */
export const Note = defineEntity('notes', {
  bookId: col.ref(() => Book, { onDelete: 'cascade' }),
  text: col.text(),
})

const tables: Migration = {
  async up(m) {
    await m.createTable(Shelf)
    await m.createTable(Book)
    await m.createTable(Note)
  },
  async down(m) {
    await m.dropTable('notes')
    await m.dropTable('books')
    await m.dropTable('shelves')
  },
}

/** A plugin with an entity that uses every kind of column. */
export const library = definePlugin({
  id: 'library',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Shelf, Book, Note],
  migrations: { '0001-library': tables },
  permissions: {
    'books:read': { label: 'See books', roles: ['admin'] },
    'books:write': { label: 'Change books', roles: ['admin'] },
  },
  routes: {
    ...crudRoutes(Book, { path: '/api/v1/books', read: 'books:read', write: 'books:write' }),
  },
})

export async function libraryInstance(storage: TestStorage, more: readonly AnyPlugin[] = []) {
  // The types are those of the library: tests call its routes only.
  const plugins = [library(), ...more] as unknown as readonly [ReturnType<typeof library>]
  const t = await createTestClientele({ storage, plugins })
  const { api, ctx } = t.as()
  return {
    ...t,
    api,
    ctx,
    async upload(text: string | Uint8Array, name = 'books.csv'): Promise<string> {
      const file = { name, contentType: 'text/csv', permission: 'files:read' }
      return (await ctx.get(Files).put(ctx, file, once(text))).id
    },
    /** Imports a text and answers what became of it. */
    async importText(text: string, options: object = {}) {
      const fileId = await this.upload(text)
      const { id } = await api.library.startImport({ body: { fileId, ...options } })
      await t.drain()
      return api.core.getImport({ params: { id } })
    },
    async errorsOf(id: string): Promise<string> {
      let text = ''
      for await (const piece of await api.core.importErrors({ params: { id } })) text += String(piece)
      return text
    },
    async books() {
      const { items } = await api.library.list({ query: { sort: 'createdAt,id', limit: '200' } })
      return items
    },
  }
}

async function* once(text: string | Uint8Array): AsyncGenerator<string | Uint8Array> {
  yield text
}
