import type { AnyEntity } from '../entity/entity.ts'
import type { SubjectReference as SubjectRules } from '../entity/column.ts'
import type { RegisteredEntity, Registry } from '../plugin/registry.ts'

/** A column that names a person, with what becomes of its rows. */
export interface SubjectReference extends SubjectRules {
  readonly registered: RegisteredEntity
  /** The referring property: `customerId`. */
  readonly column: string
  readonly nullable: boolean
}

/** Every column of every plugin that refers to rows of the subject; what stands highest in the house comes first. */
export function subjectReferences(registry: Registry, subject: AnyEntity): readonly SubjectReference[] {
  const all = [...registry.entities.values()].flatMap((registered) =>
    Object.entries(registered.entity.columns).flatMap(([column, { spec }]): SubjectReference[] => {
      const { reference, nullable } = spec
      if (!reference?.onMerge || !reference.onErase || reference.target() !== subject) return []
      const { onMerge, onErase } = reference
      return [{ registered, column, nullable, onMerge, onErase }]
    }),
  )
  return all.toReversed()
}
