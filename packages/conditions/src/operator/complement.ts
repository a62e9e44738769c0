import type { Operator } from './operator.ts'

/** An operator that is met exactly when `base` is not, also where the value is missing. */
export function complement(name: string, base: Operator): Operator {
  return { ...base, name, negates: base.name }
}
