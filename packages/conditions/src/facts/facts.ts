import type { AnyEntity } from '@clientele/core'
import type { Leaf } from '../condition.ts'
import type { Environment } from '../environment.ts'
import type { Collection } from './collection.ts'

/** What an evaluator may use: the rows of one customer. */
export interface Facts extends Environment {
  /** The row of the subject or of an extension named in {@link ConditionType.needs}. */
  row(entity: AnyEntity): Readonly<Record<string, unknown>>
  /** The customer's rows of a collection named in {@link ConditionType.reads}. */
  rows<R>(collection: Collection<R>): readonly R[]
  /** Where the customer stands by a leaf of population scope; left out where nobody was ranked. */
  standing?(leaf: Leaf): Standing
}

/** Where a customer stands among all who have such a number. */
export interface Standing {
  /** Null when there is none: the customer is not ranked. Money is in minor units. */
  readonly value: number | null
  /** 1 is the first; null when not ranked. */
  readonly rank: number | null
  /** How many are ranked. */
  readonly of: number
  /** The least number of those who meet the leaf; null when nobody does. */
  readonly lowest: number | null
  /** The greatest number of those who meet the leaf; null when nobody does. */
  readonly highest: number | null
}
