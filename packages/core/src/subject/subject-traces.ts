import type { Tx } from '../context/context.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { defineExtensionPoint } from '../plugin/extension-point.ts'

/** Rows that tell of a person without referring to them by a column, such as a trail of changes. */
export interface SubjectTrace {
  /** Takes away what they tell of the person, and what this transaction will still write of it. */
  erase(t: Tx, subject: AnyEntity, id: string): void | Promise<void>
}

/** Where plugins take part in erasures for what {@link SubjectRows} cannot find by itself; asked last. */
export const SubjectTraces = defineExtensionPoint<SubjectTrace>('core.subjectTraces')
