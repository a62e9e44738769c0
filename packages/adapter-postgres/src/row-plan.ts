import { camelCase, type SqlType } from '@clientele/core'
import { decodeAs } from './types.ts'

interface Field {
  readonly name: string
  readonly dataTypeID: number
}

/** How the rows of one statement become objects: property names, and the types asked for by `name::type`. */
export interface RowPlan {
  /** False when the statement now answers other columns, as after ALTER TABLE. */
  fits(fields: readonly Field[]): boolean
  /** Names the values of each row. */
  objects(rows: readonly unknown[][]): Record<string, unknown>[]
}

/** A cache of plans by SQL text; the oldest leave first. */
export class RowPlans {
  readonly #plans = new Map<string, RowPlan>()

  of(sql: string, fields: readonly Field[]): RowPlan {
    const known = this.#plans.get(sql)
    if (known?.fits(fields)) return known
    const plan = planOf(fields)
    this.#plans.set(sql, plan)
    if (this.#plans.size > MAX_PLANS) this.#plans.delete(this.#plans.keys().next().value!)
    return plan
  }
}

const MAX_PLANS = 1000

function planOf(fields: readonly Field[]): RowPlan {
  // A copy: the statement's next answer must be compared with what this one was.
  const seen = fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }))
  const columns = seen.map(({ name, dataTypeID }) => ({ ...columnOf(name), oid: dataTypeID }))
  const properties = columns.map(({ property }) => property)
  const typed = columns.flatMap(({ type, oid }, index) => (type ? [{ type, oid, index }] : []))
  return {
    fits(others) {
      if (others.length !== seen.length) return false
      for (let i = 0; i < seen.length; i++) {
        const [one, other] = [seen[i]!, others[i]!]
        if (one.name !== other.name || one.dataTypeID !== other.dataTypeID) return false
      }
      return true
    },
    objects: (rows) =>
      rows.map((values) => {
        for (const { type, oid, index } of typed) values[index] = decodeAs(type, values[index], oid)
        const row: Record<string, unknown> = {}
        for (let i = 0; i < properties.length; i++) row[properties[i]!] = values[i]
        return row
      }),
  }
}

/** `placed_at` → `placedAt`; `total::integer` → `total`, decoded as an integer. */
export function columnOf(name: string): { readonly property: string; readonly type?: SqlType } {
  const at = name.indexOf('::')
  if (at < 0) return { property: camelCase(name) }
  return { property: camelCase(name.slice(0, at)), type: name.slice(at + 2) as SqlType }
}
