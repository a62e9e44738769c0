import type { Condition, Leaf } from '../condition.ts'
import type { Advice } from '../words.ts'
import { impliesAllowed, intersected, isEmptyAllowed, readAllowed, type Allowed } from './allowed-values.ts'
import type { Language } from './language.ts'
import { visit } from './walk.ts'

/** Advice, and where in the condition it applies. */
export interface ConditionAdvice extends Advice {
  /** `all.0.not`; empty for the whole. */
  readonly path: string
  /** The leaf it is about; groups have none. */
  readonly leaf?: Leaf
}

/** What is known of an answer before any customer is looked at. */
type Verdict = 'always' | 'never' | 'depends'

type Path = readonly (string | number)[]

/** What can be said about a condition by reading it. Silent where it is not sure. */
export function structuralAdvice(language: Language, condition: Condition): readonly ConditionAdvice[] {
  const advice: ConditionAdvice[] = []
  verdictOf({ language, advice }, condition, [])
  return advice
}

interface Reading {
  readonly language: Language
  readonly advice: ConditionAdvice[]
}

function verdictOf(reading: Reading, condition: Condition, path: Path): Verdict {
  const each = (group: string, parts: readonly Condition[]): readonly Verdict[] =>
    parts.map((part, index) => verdictOf(reading, part, [...path, group, index]))
  return visit<Verdict>(condition, {
    all: (parts) => allVerdict(reading, { parts, verdicts: each('all', parts), path }),
    any: (parts) => anyVerdict(reading, { parts, verdicts: each('any', parts), path }),
    not: (part) => opposite(verdictOf(reading, part, [...path, 'not'])),
    atLeast(count, parts) {
      const verdicts = each('of', parts)
      duplicates(reading, parts, [...path, 'of'])
      if (verdicts.filter((verdict) => verdict === 'always').length >= count) return 'always'
      if (verdicts.filter((verdict) => verdict !== 'never').length >= count) return 'depends'
      tell(reading, 'impossible', path)
      return 'never'
    },
    leaf: () => 'depends',
  })
}

interface Group {
  readonly parts: readonly Condition[]
  readonly verdicts: readonly Verdict[]
  readonly path: Path
}

function allVerdict(reading: Reading, { parts, verdicts, path }: Group): Verdict {
  if (parts.length === 0) {
    tell(reading, 'everybody', path)
    return 'always'
  }
  duplicates(reading, parts, [...path, 'all'])
  if (verdicts.includes('never')) return 'never'
  if (hasOpposites(parts) || contradict(reading, parts)) {
    tell(reading, 'impossible', path)
    return 'never'
  }
  redundant(reading, parts, [...path, 'all'])
  return verdicts.every((verdict) => verdict === 'always') ? 'always' : 'depends'
}

function anyVerdict(reading: Reading, { parts, verdicts, path }: Group): Verdict {
  if (parts.length === 0) {
    tell(reading, 'nobody', path)
    return 'never'
  }
  duplicates(reading, parts, [...path, 'any'])
  if (verdicts.includes('always')) return 'always'
  if (hasOpposites(parts)) {
    tell(reading, 'always', path)
    return 'always'
  }
  return verdicts.every((verdict) => verdict === 'never') ? 'never' : 'depends'
}

/** A part and its own `not`. */
function hasOpposites(parts: readonly Condition[]): boolean {
  const texts = new Set(parts.map((part) => JSON.stringify(part)))
  return parts.some((part) => 'not' in part && !('type' in part) && texts.has(JSON.stringify(part.not)))
}

/** Rules about one value that leave none of it. */
function contradict({ language }: Reading, parts: readonly Condition[]): boolean {
  const allowed = new Map<string, Allowed>()
  for (const { key, values } of comparedLeaves(language, parts)) {
    const both = intersected(allowed.get(key), values)
    if (isEmptyAllowed(both)) return true
    allowed.set(key, both)
  }
  return false
}

/** A rule that another of the group says more narrowly. */
function redundant(reading: Reading, parts: readonly Condition[], path: Path): void {
  const leaves = comparedLeaves(reading.language, parts)
  leaves.forEach(({ key, values, index, leaf }) => {
    const narrower = leaves.find(
      (other) => other.key === key && other.index !== index && impliesAllowed(other.values, values),
    )
    if (!narrower) return
    // Of two that say the same, only the later is one too many.
    if (impliesAllowed(values, narrower.values) && index < narrower.index) return
    if (JSON.stringify(leaf) === JSON.stringify(narrower.leaf)) return
    tell(reading, 'redundant', [...path, index], { leaf, params: { because: narrower.leaf } })
  })
}

interface Compared {
  readonly key: string
  readonly values: Allowed
  readonly index: number
  readonly leaf: Leaf
}

function comparedLeaves(language: Language, parts: readonly Condition[]): readonly Compared[] {
  return parts.flatMap((part, index) => {
    if (!('type' in part)) return []
    const leaf = part
    const key = language.typeOf(leaf).comparedValue?.(leaf)
    const values = key === undefined ? undefined : readAllowed(leaf)
    return key === undefined || !values ? [] : [{ key, values, index, leaf }]
  })
}

function duplicates(reading: Reading, parts: readonly Condition[], path: Path): void {
  const seen = new Set<string>()
  parts.forEach((part, index) => {
    const text = JSON.stringify(part)
    if (seen.has(text)) tell(reading, 'duplicate', [...path, index])
    seen.add(text)
  })
}

function tell(
  { advice }: Reading,
  key: string,
  path: Path,
  { leaf, params = {} }: { readonly leaf?: Leaf; readonly params?: Readonly<Record<string, unknown>> } = {},
): void {
  advice.push({ key: `conditions.advice.${key}`, params, path: path.join('.'), ...(leaf && { leaf }) })
}

function opposite(verdict: Verdict): Verdict {
  if (verdict === 'depends') return 'depends'
  return verdict === 'always' ? 'never' : 'always'
}
