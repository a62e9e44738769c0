import { defineExtensionPoint, type AnyEntity, type Ctx, type SqlHelpers } from '@clientele/core'
import type { Expression, SelectQueryBuilder, SqlBool } from 'kysely'
import type * as z from 'zod'
import type { Leaf } from './condition.ts'
import type { Collection } from './facts/collection.ts'
import type { FactKey } from './facts/fact-watchers.ts'
import type { Measure, Standing } from './ranking/measure.ts'

/** What holds for a whole evaluation: all leaves see the same instant. */
export interface Environment {
  /** Milliseconds since 1970; relative windows end here. */
  readonly now: number
  /** Decimals of the reporting currency: 2 for EUR, 0 for JPY. Money in conditions is in major units. */
  readonly currencyDigits: number
  /** The tenant's IANA zone: days, weeks and months of conditions are those of its calendar. */
  readonly timeZone: string
}

/** What a SQL compiler may use. Columns are those of the subject and its extensions. */
export interface SqlScope extends Environment {
  readonly sql: SqlHelpers
  /** A column of the subject or of an extension named in {@link ConditionType.needs}. */
  column(entity: AnyEntity, property: string): Expression<unknown>
  /** The subject's id, to tie rows of other entities to it. */
  readonly id: Expression<string>
  /**
   * A sub-query over another entity's rows, without a select list. When only some customers are asked about, it is
   * already narrowed to theirs by `owner`, the property that refers to the subject.
   *
   * @example
   * eb(scope.id, 'in', scope.rowsOf(Order, 'customerId').where('orders.total', '>', 5).select('orders.customerId'))
   */
  rowsOf(entity: AnyEntity, owner: string): SelectQueryBuilder<any, any, {}>
  /** Only customers of a list are asked about: their rows are best found by customer, whatever else the query names. */
  readonly isNarrowed: boolean
  /** The same over all customers, whoever is asked about: for types of population scope. */
  everybody(): SqlScope
  /** Which part of all customers `everybody` is, from 0 to 1: less than 1 where a sample stands for all. */
  readonly share: number
  /** A sub-query over an entity that is about no subject, such as products: removed rows as well, as they once were. */
  rows(entity: AnyEntity): SelectQueryBuilder<any, any, {}>
}

/** A hint about a leaf that is valid and yet may not mean what was meant: a catalogue key and its values. */
export interface Advice {
  readonly key: string
  readonly params: Readonly<Record<string, unknown>>
}

/** What an evaluator may use: the rows of one customer. */
export interface Facts extends Environment {
  /** The row of the subject or of an extension named in {@link ConditionType.needs}. */
  row(entity: AnyEntity): Readonly<Record<string, unknown>>
  /** The customer's rows of a collection named in {@link ConditionType.reads}. */
  rows<R>(collection: Collection<R>): readonly R[]
  /** Where the customer stands by a leaf of population scope; left out where nobody was ranked. */
  standing?(leaf: Leaf): Standing
}

/** A sentence for people: a catalogue key and its values, never prose. */
export interface Description {
  readonly key: string
  readonly params: Readonly<Record<string, unknown>>
}

/**
 * What an editor asks for as the value of an operator: nothing, one value of the field's kind or two or a list, or one
 * of the forms that the operator's JSON Schema spells out.
 */
export type EditorInput =
  | 'none'
  | 'value'
  | 'pair'
  | 'list'
  | 'text'
  | 'texts'
  | 'scalar'
  | 'scalars'
  | 'count'
  | 'modulus'
  | 'field'
  | 'jsonType'
  | 'rules'
  | 'day'
  | 'duration'
  | 'durations'
  | 'window'
  | 'days'
  | 'years'
  | 'weekdays'
  | 'monthDays'
  | 'months'
  | 'hours'

/** How an editor asks for a leaf's parameters. */
export interface EditorDescriptor {
  readonly fields: readonly EditorField[]
}

/** One thing an editor can ask about; `*` as its name takes any. */
export interface EditorField {
  readonly name: string
  /**
   * What its values are: `text`, `number`, `integer`, `money`, `boolean`, `timestamp`, `enum`, `array`, `json`; or what an
   * editor has a control of its own for, as `window`, `duration`, `properties` and `events`. Others are asked for by
   * their schema.
   */
  readonly kind: string
  readonly operators: readonly string[]
  /** What each operator's value is. @default one value of the field's kind */
  readonly inputs?: Readonly<Record<string, EditorInput>>
  /** The closed set of an enum. */
  readonly values?: readonly string[]
  /** The key of its name in the catalogues. @default `conditions.<type>.field.<name>` */
  readonly title?: string
  /** Where an editor finds values to offer. @default nowhere */
  readonly suggest?: EditorSuggestions
  /** Of rules about properties: what each can ask; `*` takes any. Of other lists: the parameters of an element. */
  readonly fields?: readonly EditorField[]
}

/** A `GET` of the API whose `items` are values to offer. */
export interface EditorSuggestions {
  /** `/api/v1/tags` */
  readonly from: string
  /** The property of an item that is the value. */
  readonly value: string
  /** The property that people know it by, where the value is an id. Then nothing else can be chosen. */
  readonly label?: string
}

/**
 * One kind of question, with both back ends. A plugin contributes the types about its own data.
 *
 * The two must agree: for every leaf and every customer `compile` selects the customer exactly when `evaluate` is true.
 * A leaf is either met or not; a missing value never makes a third answer.
 */
export interface ConditionType<L extends Leaf = Leaf> {
  /** The leaf's `type`. */
  readonly name: string
  /** `population` types (top N, percentile) have no answer for one customer alone; they read `facts.standing`. */
  readonly scope: 'customer' | 'population'
  /** Validates a leaf; refuses unknown parameters. */
  readonly schema: z.ZodType<L>
  /** The extensions of the subject whose row the leaf reads. */
  needs(leaf: L): readonly AnyEntity[]
  /** The rows of other entities that its evaluator reads. @default none */
  reads?(leaf: L): readonly Collection<any>[]
  /**
   * The facts that its answer hangs on; whoever changes them says so by `touchFacts`. A type that leaves one out keeps
   * memberships that are no longer true. The row of the subject is there for types that hang on facts of it
   * (`customers.country`), or on none.
   */
  dependsOn(leaf: L): readonly FactKey[]
  /** Its SQL does more than compare a column: databases that ask in the written order ask it last. @default false */
  costly?(leaf: L): boolean
  /** SQL that is true when the leaf is met or, with `negated`, when it is not; never relies on `NOT` over NULL. */
  compile(leaf: L, scope: SqlScope, negated: boolean): Expression<SqlBool>
  evaluate(leaf: L, facts: Facts): boolean
  /** The numbers that its leaves compare, where customers can be ranked by them. @default they cannot */
  readonly measure?: Measure<any>
  /**
   * The first instant after `facts.now` at which the answer may differ although no fact changes: windows move on. May be
   * too early, never too late; null when it stays for ever. @default null
   */
  nextChangeAt?(leaf: L, facts: Facts): number | null
  /**
   * True when time alone may change the answer: the leaf has a window that moves. What is dated after now does not make a
   * leaf timed; whoever writes it calls `touchFacts` once more when it happens.
   *
   * @default false
   */
  isTimed?(leaf: L): boolean
  /**
   * The answer that stays, at every instant, when more rows come of what the leaf hangs on and none changes or goes: yes
   * of "at least three times", no of "never". Nobody who has it is asked again when {@link touchFacts} says that facts
   * grew.
   *
   * @default neither does
   */
  lasting?(leaf: L): boolean | undefined
  /** The value, or the event or order, that decided, for explanations; undefined when there is none. */
  seen(leaf: L, facts: Facts): unknown
  describe(leaf: L): Description
  /** What to warn of before a leaf is used, such as an event that nobody has sent yet. @default nothing */
  advise?(leaf: L, ctx: Ctx): Promise<readonly Advice[]>
  /**
   * Names the one value of a customer that the leaf's `operator` and `value` compare, so that rules about the same one
   * are looked at together: `gt 5` and `lt 3` are impossible. @default leaves are not compared with each other
   */
  comparedValue?(leaf: L): string | undefined
  /** The JSON Schema of a leaf, where `schema` cannot say it all. @default made from `schema` */
  jsonSchema?(): Readonly<Record<string, unknown>>
  /** Leaves that show what can be asked: the reference prints them, and tests run them. */
  readonly examples?: readonly L[]
  readonly editor: EditorDescriptor
}

/** Where plugins add their condition types. */
// `any`: types of unrelated leaves stand in one list; the schema guards each.
export const ConditionTypes = defineExtensionPoint<ConditionType<any>>('conditions.types')
