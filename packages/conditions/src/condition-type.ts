import { defineExtensionPoint, type AnyEntity, type Ctx } from '@clientele/core'
import type { Expression, SqlBool } from 'kysely'
import type * as z from 'zod'
import type { Leaf } from './condition.ts'
import type { Collection } from './facts/collection.ts'
import type { FactKey } from './facts/fact-watchers.ts'
import type { Measure } from './ranking/measure.ts'
import type { EditorDescriptor } from './editor.ts'
import type { Facts } from './facts/facts.ts'
import type { SqlScope } from './sql-scope.ts'
import type { Advice, Description } from './words.ts'

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
