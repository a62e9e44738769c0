import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'

/** The stored settings of a tenant, one row a kind; what is not stored is the schema's default. */
export const Setting = defineEntity('settings', {
  name: col.text(z.string().max(100)).unique(),
  value: col.json(z.record(z.string(), z.json())),
})
