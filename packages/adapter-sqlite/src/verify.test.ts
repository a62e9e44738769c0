import { silentLogger, systemClock } from '@clientele/core'
import { temporaryFolder } from '@clientele/testing'
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sqlite } from './sqlite.ts'

test('a row that names a missing one is found, and keeps a backup from being made', async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'shop.db')
  const storage = sqlite(file)
  onTestFinished(() => storage.close())
  await storage.open({ logger: silentLogger(), clock: systemClock(), columnType: () => undefined })
  const other = new Database(file)
  other.pragma('foreign_keys = OFF')
  other.exec(`CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE children (parent_id INTEGER REFERENCES parents (id)) STRICT;
    INSERT INTO children VALUES (1), (2);`)
  other.close()

  expect(await storage.verify!({ deep: false })).toEqual([
    '2 rows of children name rows of parents that are not there',
  ])
  await expect(storage.backup!(join(folder, 'copy.db'))).rejects.toThrow(
    'a row of children in the copy names a row of parents that is not there',
  )
})
