import { expect, test } from 'vitest'
import { auditAdmin } from './audit.admin.ts'
import { AuditEntry } from './entry/entry.entity.ts'

test('every column of an entry has a title in every language', () => {
  const { en = {}, ...others } = auditAdmin.words ?? {}
  const titles = Object.keys(AuditEntry.columns).map((name) => `field.auditEntries.${name}`)
  expect(Object.keys(en)).toEqual(expect.arrayContaining(titles))
  for (const words of Object.values(others)) expect(Object.keys(words)).toEqual(Object.keys(en))
})
