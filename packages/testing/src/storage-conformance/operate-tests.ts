import { silentLogger, systemClock } from '@clientele/core'
import { sql } from 'kysely'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { RegisterTest } from '../storage-conformance.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** What an operator asks for: all of it is optional, and none of it may be wrong. */
export function operateTests(test: RegisterTest): void {
  test('its details are plain values without a connection string or password', async ({ storage }) => {
    const details = await storage.details?.()
    if (!details) return
    expect(details.engine).toMatch(/\w/)
    expect(details.version).toMatch(/^\d+\.\d+/)
    expect(details['size.bytes']).toBeGreaterThan(0)
    for (const [name, value] of Object.entries(details)) {
      expect(name).toMatch(/^[a-z.]+$/)
      expect(value === null || ['string', 'number', 'boolean'].includes(typeof value)).toBe(true)
    }
    expect(JSON.stringify(details)).not.toMatch(/:\/\/|password/i)
  })

  test('an index is made and dropped in no transaction, while somebody holds a lock of ours', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    await bench.storage.lock('building', () => bench.storage.build(`CREATE INDEX ${table}_n ON ${table} (n)`))
    expect(await bench.storage.describeSchema(table)).toContain(`_n (n)`)
    await bench.storage.build(`DROP INDEX ${table}_n`)
    expect(await bench.storage.describeSchema(table)).not.toContain(`_n (n)`)
    await expect(bench.storage.build(`CREATE INDEX ${table}_m ON ${table} (nothing)`)).rejects.toThrow(
      /nothing/,
    )
  })

  test('a scratch database is empty, its own, and gone when it is closed', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    const scratch = bench.storage.scratch?.()
    if (!scratch) return
    await scratch.open({ logger: silentLogger(), clock: systemClock(), columnType: () => undefined })
    expect(await scratch.describeSchema('')).toBe('')
    await scratch.write({ tenantId: '*' }, (connection) =>
      connection.execute({ sql: `CREATE TABLE ${table} (other TEXT)`, parameters: [] }),
    )
    expect(await scratch.describeSchema('')).toContain('other')
    expect(await bench.rows(sql`select * from ${sql.id(table)}`)).toEqual([])
    await scratch.close()
    await scratch.close()
    expect(await bench.storage.describeSchema(table)).not.toContain('other')
  })

  test('sound data is called sound, on the surface and in depth', async (bench) => {
    const parent = await bench.createTable({ id: 'integer' }, ['PRIMARY KEY ("id")'])
    const child = await bench.createTable({ parent_id: 'integer' }, [
      `FOREIGN KEY ("parent_id") REFERENCES "${parent}" ("id")`,
    ])
    await bench.write(
      sql`insert into ${sql.id(parent)} values (1)`,
      sql`insert into ${sql.id(child)} values (1)`,
    )
    expect((await bench.storage.verify?.({ deep: false })) ?? []).toEqual([])
    expect((await bench.storage.verify?.({ deep: true })) ?? []).toEqual([])
  })

  test('a backup is whole under its name, or the name is not taken', async (bench) => {
    await bench.createTable({ n: 'integer' })
    const folder = await temporaryFolder()
    const report = await bench.storage.backup?.(join(folder, 'copy')).catch((error: unknown) => {
      // The tools of the database may be missing, or older than the server.
      expect((error as { code?: string }).code).toMatch(/^(backup\.failed|[a-z]+\.no_tool)$/)
    })
    expect(await readdir(folder)).toEqual(report ? ['copy'] : [])
    if (report) expect(report.bytes).toBeGreaterThan(0)
  })
}
