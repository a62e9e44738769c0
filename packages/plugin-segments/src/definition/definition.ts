import {
  collectionsOf,
  dependenciesOf,
  entitiesOf,
  evaluateCondition,
  growthOf,
  isTimed,
  leavesOf,
  nextChangeAt,
  type Condition,
  type Environment,
  type FactKey,
  type Facts,
  type Growth,
  type Language,
} from '@clientele/conditions'
import type { AnyEntity } from '@clientele/core'
import type { SegmentRow } from '../segment/segment.entity.ts'

/** What of a segment's row its evaluation needs. */
export type DefinedSegment = Pick<
  SegmentRow,
  'id' | 'kind' | 'status' | 'definition' | 'runId' | 'hasPins' | 'condition'
>

/** A segment whose members follow the facts, ready to be evaluated. */
export interface Definition {
  readonly segment: DefinedSegment
  readonly condition: Condition
  readonly dependencies: ReadonlySet<FactKey>
  /** Its answer changes as time goes by. */
  readonly timed: boolean
  /** Asked of rows in memory: only there is seen when its answer changes, or few rows tell it. Else the database is. */
  readonly inMemory: boolean
  /** What its answers do as facts grow. */
  readonly growth: Growth
  /** What a customer answers of whom nothing is known; null when customers of whom nothing is known differ. */
  readonly blank: boolean | null
  /** 0 for one that asks about no other segment, else one more than the highest of those. */
  readonly level: number
}

/** The level of a definition that is decided before all that follow facts. */
export const FIRST_LEVEL = -1

/** The fact that a membership of a segment is. */
export function segmentFact(segmentId: string): FactKey {
  return `segments.${segmentId}`
}

/** The fact that a pin of a segment is. */
export function pinFact(segmentId: string): FactKey {
  return `segmentPins.${segmentId}`
}

/** Whether a condition ranks customers against each other: such a segment is recomputed now and then, never followed. */
export function isRanking(language: Language, condition: Condition): boolean {
  return leavesOf(condition).some((leaf) => language.typeOf(leaf).scope === 'population')
}

/** The definition of a segment, but for its level. */
export function define(
  language: Language,
  segment: DefinedSegment,
  environment: Environment,
): Omit<Definition, 'level'> {
  const condition: Condition = segment.kind === 'manual' ? { any: [] } : language.parse(segment.condition)
  const timed = isTimed(language, condition)
  return {
    segment,
    condition,
    dependencies: new Set([...dependenciesOf(language, condition), pinFact(segment.id)]),
    timed,
    inMemory: timed || isToldByFew(language, condition),
    growth: growthOf(language, condition),
    // Where a customer stands among others nobody knows of one alone.
    blank: isRanking(language, condition) ? null : blankAnswer(language, condition, environment),
  }
}

/** Whether its rows are few of everybody, so that reading them costs less than a question to the database does. */
function isToldByFew(language: Language, condition: Condition): boolean {
  const read = collectionsOf(language, condition, { brief: true })
  return read.length > 0 && read.every(({ most }) => most !== undefined)
}

/** Columns of every customer that conditions may ask about and that no two share. */
export const NEVER_BLANK = ['id', 'createdAt'] as const

/**
 * What everybody answers of whom only the id and the day of arrival are known: then nobody has to be asked. By the
 * contract of {@link nextChangeAt} it stays so when there is no next instant.
 */
function blankAnswer(language: Language, condition: Condition, environment: Environment): boolean | null {
  const own = new Set<FactKey>(['*', ...NEVER_BLANK.map((name) => `${language.subject.name}.${name}`)])
  const ofTheCustomer = leavesOf(condition).some((leaf) => {
    const facts = language.typeOf(leaf).dependsOn(leaf)
    return facts.length === 0 || facts.some((fact) => own.has(fact))
  })
  if (ofTheCustomer) return null
  const blank = blankFacts(environment)
  return nextChangeAt(language, condition, blank) === null
    ? evaluateCondition(language, condition, blank)
    : null
}

const blankRows = new WeakMap<AnyEntity, Readonly<Record<string, unknown>>>()

/** A row of which nothing was said: the defaults of its columns. */
export function blankRow(entity: AnyEntity): Readonly<Record<string, unknown>> {
  let row = blankRows.get(entity)
  if (!row) {
    row = Object.fromEntries(
      Object.entries(entity.columns).map(([name, { spec }]) => [
        name,
        spec.default && 'value' in spec.default ? spec.default.value : null,
      ]),
    )
    blankRows.set(entity, row)
  }
  return row
}

function blankFacts(environment: Environment): Facts {
  return { ...environment, row: blankRow, rows: () => [] }
}

/** The extensions that any of the definitions reads. */
export function entitiesRead(language: Language, definitions: Iterable<Definition>): readonly AnyEntity[] {
  return [...new Set([...definitions].flatMap(({ condition }) => entitiesOf(language, condition)))]
}
