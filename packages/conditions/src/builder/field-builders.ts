import type { AnyEntity, Column } from '@clientele/core'
import type { BuiltCondition } from './built-condition.ts'
import {
  questions,
  type BooleanQuestions,
  type NumberQuestions,
  type TextQuestions,
  type TimeQuestions,
} from './questions.ts'

type Out<C> = C extends Column<infer O, any, any, any> ? NonNullable<O> : never

type QuestionsOfColumn<C> = C extends { readonly kind: 'text' | 'enum' }
  ? TextQuestions<Out<C> & string> & SameAs
  : C extends { readonly kind: 'integer' | 'real' }
    ? NumberQuestions & SameAs
    : C extends { readonly kind: 'boolean' }
      ? BooleanQuestions & SameAs
      : C extends { readonly kind: 'timestamp' }
        ? TimeQuestions & SameAs
        : never

interface SameAs {
  /** Equal to another field of the customer, of the same kind; neither may be missing. */
  sameAs(field: string): BuiltCondition
  notSameAs(field: string): BuiltCondition
}

type Comparable = 'text' | 'enum' | 'integer' | 'real' | 'boolean' | 'timestamp'

/** The columns of an entity, each with the questions that fit it. */
export type FieldBuilders<E extends AnyEntity> = {
  readonly [
    K in keyof E['columns'] as E['columns'][K] extends { readonly kind: Comparable } ? K : never
  ]: QuestionsOfColumn<E['columns'][K]>
} & { readonly createdAt: TimeQuestions }

/**
 * The columns of an entity as questions of a condition type made by `columnConditions`. Only columns that are
 * `segmentable()` can be asked about; the others are refused when the condition is read.
 *
 * @example
 * const customer = fieldBuilders('attribute', Customer)
 * where(customer.country).is('BR')
 */
export function fieldBuilders<E extends AnyEntity>(type: string, entity: E): FieldBuilders<E> {
  const names = [...Object.keys(entity.columns), 'createdAt']
  const fields = names.map((field) => [field, questions((asked) => ({ type, field, ...asked }))] as const)
  return Object.fromEntries(fields) as unknown as FieldBuilders<E>
}

/**
 * Begins a condition the way it is read aloud: `where(customer.country).is('BR')`. What follows belongs to the field, so
 * it is the field itself.
 */
export function where<F>(field: F): F {
  return field
}
