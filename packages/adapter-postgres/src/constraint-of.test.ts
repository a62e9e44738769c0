import type { ConstraintViolation, Storage } from '@clientele/core'
import { expect, test } from 'vitest'
import { openTestStorage, run } from './test-storage.fixture.ts'

const TABLES = [
  `create table c_team (tenant_id text collate "C" not null, id int not null, constraint c_team_pkey primary key (tenant_id, id))`,
  `create table c_player (tenant_id text collate "C" not null, id int not null, team int, "first_name" text, age int check (age > 0),
     primary key (tenant_id, id), foreign key (tenant_id, team) references c_team (tenant_id, id))`,
  `create unique index c_player_first_name_key on c_player (tenant_id, first_name)`,
  `insert into c_player values ('default', 1, null, 'Ana', 30)`,
]

async function violation(storage: Storage, sql: string): Promise<ConstraintViolation | null> {
  const error: unknown = await run(storage, sql).catch((error: unknown) => error)
  return storage.constraintOf(new Error('wrapped', { cause: error }))
}

test('a violated constraint names its table and columns', async () => {
  const { storage } = await openTestStorage()
  await run(storage, ...TABLES)
  const insert = 'insert into c_player values'
  expect(await violation(storage, `${insert} ('default', 2, null, 'Ana', 30)`)).toEqual({
    kind: 'unique',
    table: 'c_player',
    columns: ['tenant_id', 'first_name'],
  })
  expect(await violation(storage, `${insert} ('default', 2, 7, 'Bo', 30)`)).toEqual({
    kind: 'foreignKey',
    table: 'c_player',
    columns: ['tenant_id', 'team'],
  })
  expect(await violation(storage, `${insert} ('default', null, null, 'Bo', 30)`)).toEqual({
    kind: 'notNull',
    table: 'c_player',
    columns: ['id'],
  })
  expect(await violation(storage, `${insert} ('default', 2, null, 'Bo', 0)`)).toMatchObject({ kind: 'check' })
  expect(await violation(storage, 'select 1 / 0')).toBeNull()
})
