import type { AnyEntity } from '@clientele/core'
import type { Condition, Leaf } from '../condition.ts'
import { readTogether, type Collection } from '../facts/collection.ts'
import type { FactKey } from '../facts/fact-watchers.ts'
import type { Language } from './language.ts'

/** What to do at each shape of node; the parts are visited by the handler. */
export interface Visitor<T> {
  all(parts: readonly Condition[]): T
  any(parts: readonly Condition[]): T
  not(part: Condition): T
  atLeast(count: number, parts: readonly Condition[]): T
  leaf(leaf: Leaf): T
}

/** Calls the visitor's method for the shape of this node. */
export function visit<T>(condition: Condition, visitor: Visitor<T>): T {
  if (isLeaf(condition)) return visitor.leaf(condition)
  if ('all' in condition) return visitor.all(condition.all)
  if ('any' in condition) return visitor.any(condition.any)
  if ('not' in condition) return visitor.not(condition.not)
  return visitor.atLeast(condition.atLeast, condition.of)
}

function isLeaf(condition: Condition): condition is Leaf {
  return 'type' in condition
}

/** Every leaf, in reading order. */
export function leavesOf(condition: Condition): readonly Leaf[] {
  const parts = (of: readonly Condition[]): readonly Leaf[] => of.flatMap(leavesOf)
  return visit(condition, {
    all: parts,
    any: parts,
    not: (part) => leavesOf(part),
    atLeast: (_, of) => parts(of),
    leaf: (leaf) => [leaf],
  })
}

/** The extensions of the subject that a condition reads. */
export function entitiesOf(language: Language, condition: Condition): readonly AnyEntity[] {
  return [...new Set(leavesOf(condition).flatMap((leaf) => language.typeOf(leaf).needs(leaf)))]
}

/** Whether a condition may read the row of the subject: a leaf hangs on facts of it, or on none at all. */
export function asksSubject(language: Language, condition: Condition): boolean {
  const own = `${language.subject.name}.`
  return leavesOf(condition).some((leaf) => {
    const facts = language.typeOf(leaf).dependsOn(leaf)
    return facts.length === 0 || facts.some((fact) => fact === '*' || fact.startsWith(own))
  })
}

/** The collections that a condition's evaluator reads, each once; of a `brief` reading as little as will do. */
export function collectionsOf(
  language: Language,
  condition: Condition,
  { brief = false }: { readonly brief?: boolean } = {},
): readonly Collection<any>[] {
  const collections = leavesOf(condition).flatMap((leaf) => language.typeOf(leaf).reads?.(leaf) ?? [])
  return readTogether(brief ? collections.map((one) => one.brief ?? one) : collections)
}

/** The facts that a condition's answer hangs on. */
export function dependenciesOf(language: Language, condition: Condition): ReadonlySet<FactKey> {
  return new Set(leavesOf(condition).flatMap((leaf) => language.typeOf(leaf).dependsOn(leaf)))
}

/** True when the answer may change as time goes by, with no new fact. */
export function isTimed(language: Language, condition: Condition): boolean {
  return leavesOf(condition).some((leaf) => language.typeOf(leaf).isTimed?.(leaf) ?? false)
}
