import { createTestClientele, type TestStorage } from '@clientele/testing'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { crudRoutes } from '../http/crud.ts'
import { listQuery } from '../http/list-protocol.ts'
import { definePlugin } from '../plugin/plugin.ts'
import type { Storage } from '../storage/storage.ts'

/** Something that is found by its title, address and number, and by its number elsewhere; not by its note. */
export const Paper = defineEntity(
  'papers',
  {
    title: col.text().nullable().filterable().sortable().searchable(),
    email: col.text().nullable().searchable(),
    number: col.integer().nullable().searchable(),
    note: col.text().nullable(),
    kind: col.enum(['a', 'b']).default('a').filterable().sortable(),
  },
  { softDelete: true, importable: true },
)

/** Goes for good, and with its paper. */
export const Remark = defineEntity('remarks', {
  paperId: col.ref(() => Paper, { onDelete: 'cascade' }),
  text: col.text().searchable(),
})

export const papers = definePlugin({
  id: 'papers',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Paper, Remark],
  migrations: {
    '0001-papers': {
      async up(m) {
        await m.createTable(Paper)
        await m.createTable(Remark)
      },
      async down(m) {
        await m.dropTable('remarks')
        await m.dropTable('papers')
      },
    },
  },
  permissions: { 'papers:read': { label: 'Read' }, 'papers:write': { label: 'Write' } },
  routes: crudRoutes(Paper, { path: '/api/v1/papers', read: 'papers:read', write: 'papers:write' }),
})

export const paperList = listQuery(Paper)

/** An instance with two tenants, and how to look for papers and remarks in each. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- what a test needs of it is in its body
export async function openPapers(storage: TestStorage | Storage) {
  const t = await createTestClientele({ storage, plugins: [papers()], tenancy: { mode: 'multi' } })
  const scope = t.as({ tenantId: 'here' })
  const titles = async (q: string, tenantId = 'here'): Promise<(string | null)[]> => {
    const { items } = await t
      .as({ tenantId })
      .ctx.repo(Paper)
      .list(paperList.parse({ q, limit: 200, sort: 'id' }))
    return items.map(({ title }) => title)
  }
  const remarks = async (q: string): Promise<string[]> =>
    (await scope.ctx.repo(Remark).list(listQuery(Remark).parse({ q, sort: 'id' }))).items.map(
      ({ text }) => text,
    )
  return { t, scope, titles, remarks, repo: scope.ctx.repo.bind(scope.ctx) }
}
