import {
  BuiltCondition,
  fieldBuilders,
  questions,
  windowOf,
  type DurationText,
  type FieldBuilders,
  type JsonQuestions,
  type QuestionsOf,
  type Window,
} from '@clientele/conditions'
import { Customer } from '../customer/customer.entity.ts'
import type { AnyTraits, TraitName, TraitValue } from '../declaration/traits.ts'
import { CustomerActivity } from '../event/event.entity.ts'
import type { ConsentLeaf } from './consent-condition.ts'
import type { ReachableLeaf } from './reach.ts'

/** The columns of customers: `customer.country.is('BR')`. */
export const customer: FieldBuilders<typeof Customer> = fieldBuilders('attribute', Customer)

/** When customers were seen, and how often: `activity.lastSeenAt.inLast('7d')`. */
export const activity: FieldBuilders<typeof CustomerActivity> = fieldBuilders('activity', CustomerActivity)

/**
 * A trait of customers. Of traits declared by `defineTraits` the name and the values are known to the compiler; any other
 * is asked for by its name alone.
 *
 * @example
 * trait(ShopTraits, 'plan').is('pro')
 * trait('shoe size').gte(42)
 */
export function trait<T extends AnyTraits, K extends TraitName<T>>(
  traits: T,
  name: K,
): QuestionsOf<TraitValue<T, K>>
export function trait(name: string): JsonQuestions
export function trait(first: AnyTraits | string, second?: string): unknown {
  const name = typeof first === 'string' ? first : second!
  return questions((asked) => ({ type: 'trait', name, ...asked }))
}

/** Customers with one of these tags. */
export function tagged(first: string, ...more: readonly string[]): BuiltCondition {
  return new BuiltCondition({ type: 'tag', name: more.length === 0 ? first : [first, ...more] })
}

/** Customers who agree now: `consented('marketing', 'email')`; without a channel, to every channel. */
export function consented(purpose: string, channel?: string): ConsentBuilder {
  return consent('granted', purpose, channel)
}

/** Customers whose answer is that one; `unknown` are those who never said anything. */
export function consent(state: ConsentLeaf['state'], purpose: string, channel?: string): ConsentBuilder {
  const at = channel === undefined ? {} : { channel }
  return new ConsentBuilder({ type: 'consent', purpose, ...at, state })
}

/** Builds `consent` conditions. */
export class ConsentBuilder extends BuiltCondition {
  readonly #leaf: ConsentLeaf

  constructor(leaf: ConsentLeaf) {
    super(leaf)
    this.#leaf = leaf
  }

  /** Since when it has been so: `consented('marketing').since('30d')` said so in the last 30 days. */
  since(stretch: DurationText | Window): ConsentBuilder {
    return new ConsentBuilder({ ...this.#leaf, within: windowOf(stretch) })
  }
}

/** Customers who have an address for the channel, agree, and are not suppressed. @param purpose marketing by default */
export function reachableBy(channel: ReachableLeaf['channel'], purpose?: string): BuiltCondition {
  return new BuiltCondition({ type: 'reachable', channel, ...(purpose === undefined ? {} : { purpose }) })
}

/** A share of all customers, the same ones every time; another salt draws it anew. */
export function sampled(percent: number, salt?: string): BuiltCondition {
  return new BuiltCondition({ type: 'sample', percent, ...(salt === undefined ? {} : { salt }) })
}
