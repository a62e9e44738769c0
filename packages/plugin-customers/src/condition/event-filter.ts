import {
  boundsOf,
  compileJsonComparison,
  evaluateJsonComparison,
  isMoving,
  isTimedJson,
  jsonAt,
  jsonComparisonIssues,
  jsonKeySchema,
  jsonPathSchema,
  nextJsonChange,
  storableText,
  type Bounds,
  type Collection,
  type Environment,
  type Facts,
  type JsonComparison,
  type SqlScope,
  type Window,
} from '@clientele/conditions'
import { toTimestamp, type Timestamp } from '@clientele/core'
import {
  expressionBuilder,
  sql,
  type Expression,
  type ExpressionWrapper,
  type SelectQueryBuilder,
  type SqlBool,
} from 'kysely'
import * as z from 'zod'
import { CustomerEvent } from '../event/event.entity.ts'

/** Which events are meant: those of a name, or of one of several, whose properties meet all rules. */
export interface EventFilter {
  readonly name: string | readonly string[]
  readonly where?: readonly PropertyRule[]
}

/** A property compared with a constant, as traits are. */
export interface PropertyRule extends JsonComparison, PropertyPath {}

/** Where a value stands in an event's properties. */
export interface PropertyPath {
  readonly property: string
  /** Further into the property, key by key. */
  readonly path?: readonly string[]
}

/** The parameters of a {@link PropertyPath}, to be spread into a schema. */
export const propertyShape = { property: jsonKeySchema, path: jsonPathSchema.optional() }

/** What a {@link PropertyRule} must be. */
const ruleSchema = z
  .strictObject({
    ...propertyShape,
    operator: z.string(),
    value: z.unknown().optional(),
  })
  .superRefine((rule, ctx) => {
    for (const issue of jsonComparisonIssues(rule)) ctx.addIssue({ code: 'custom', ...issue })
  })

const nameSchema = storableText(200).min(1)

/** The parameters of an {@link EventFilter}, to be spread into a leaf's schema. */
export const eventFilterShape = {
  name: z.union([nameSchema, z.array(nameSchema).min(1).max(20)]),
  where: z.array(ruleSchema).max(10).optional(),
}

/** An event as evaluators read it. */
export interface EventFact {
  /** Left out of a brief reading, which is not asked what was seen. */
  readonly id: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** There when the filter looks at properties or the leaf asked for them. */
  readonly properties?: Readonly<Record<string, unknown>>
}

/** The names, each once. */
export function namesOf({ name }: EventFilter): readonly string[] {
  return typeof name === 'string' ? [name] : [...new Set(name)]
}

/** The facts that answers about these events hang on. */
export function eventFacts(...filters: readonly EventFilter[]): readonly string[] {
  return [...new Set(filters.flatMap(namesOf))].map((name) => `events.${name}`)
}

/** Whether an event is one of those meant, whenever it happened. */
export function isMeant(
  filter: EventFilter,
  { name, properties }: EventFact,
  environment: Environment,
): boolean {
  if (!namesOf(filter).includes(name)) return false
  return (filter.where ?? []).every((rule) =>
    evaluateJsonComparison(jsonAt(properties, pathOf(rule)), rule, environment),
  )
}

/** The events meant that have happened by now and lie in the window, oldest first. */
export function happened(
  filter: EventFilter,
  facts: Facts,
  { from, until, events }: Partial<Bounds> & { readonly events: Collection<EventFact> },
): readonly EventFact[] {
  const last = Math.min(until ?? Infinity, facts.now + 1)
  return facts
    .rows(events)
    .filter((one) => one.at >= (from ?? -Infinity) && one.at < last && isMeant(filter, one, facts))
}

// `any`: queries over tables that are known only at run time.
type Query = SelectQueryBuilder<any, any, {}>

/** The rows of the events meant that have happened by now and lie in the window, without a select list. */
export function eventsQuery(filter: EventFilter, within: Window | undefined, scope: SqlScope): Query {
  const names = namesOf(filter)
  return scope
    .rowsOf(CustomerEvent, 'customerId')
    .where((and) =>
      and.and([
        scope.isNarrowed ? namedAmong(names, 'events') : named(names, eb.ref('events.name')),
        ...withinBounds(eb.ref('events.occurredAt'), boundsOf(within, scope), scope),
        ...rulesOf(filter, scope, eb.ref('events.properties')),
      ]),
    )
}

/**
 * What narrows the events of one customer in a sub-query. SQLite finds them by id and time, not by name; PostgreSQL may
 * rather go through all of the name once, unless few customers are asked about.
 */
export function eventTerms(
  filter: EventFilter,
  within: Window | undefined,
  scope: SqlScope,
  alias: string,
): readonly Expression<SqlBool>[] {
  const names = namesOf(filter)
  return [
    scope.isNarrowed ? namedAmong(names, alias) : named(names, scope.sql.unindexed(eb.ref(`${alias}.name`))),
    ...withinBounds(eb.ref(`${alias}.occurredAt`), boundsOf(within, scope), scope),
    ...rulesOf(filter, scope, eb.ref(`${alias}.properties`)),
  ]
}

const eb = expressionBuilder<any, any>()

function named(names: readonly string[], column: ExpressionWrapper<any, any, any>): Expression<SqlBool> {
  return names.length === 1 ? eb(column, '=', names[0]) : eb(column, 'in', names)
}

/**
 * The names of few customers' events: read by customer. An expression keeps databases from reading all events of the
 * name instead, which they would take for as good where they have no statistics.
 */
export function namedAmong(names: readonly string[], table: string): Expression<SqlBool> {
  return sql<SqlBool>`coalesce(${sql.ref(`${table}.name`)}, '') in (${sql.join(names)})`
}

/** SQL for an instant that has come by now and lies in the bounds. */
export function withinBounds(
  instant: Expression<unknown>,
  { from, until }: Bounds,
  { now }: Environment,
): readonly Expression<SqlBool>[] {
  const last = Math.min(until, now + 1)
  if (from >= last || last < FIRST_MS) return [sql<SqlBool>`1 = 0`]
  const first = instantOrNull(from)
  return [...(first === null ? [] : [eb(instant, '>=', first)]), eb(instant, '<', toTimestamp(last))]
}

/** The same in memory. */
export function isWithin(at: number, within: Window | undefined, environment: Environment): boolean {
  const { from, until } = boundsOf(within, environment)
  return at >= from && at < until && at <= environment.now
}

/** SQL for the rules about properties, which stand in a JSON column. */
export function rulesOf(
  { where = [] }: EventFilter,
  scope: SqlScope,
  properties: Expression<unknown>,
): readonly Expression<SqlBool>[] {
  return where.map((rule) => compileJsonComparison(properties, pathOf(rule), rule, scope, false))
}

/** The keys that lead to it. */
export function pathOf({ property, path = [] }: PropertyPath): readonly string[] {
  return [property, ...path]
}

/**
 * Whether time alone changes what is answered about these events: the window moves, or a rule compares a date with now.
 * What is dated after now is a fact of its instant, which is announced when it comes.
 */
export function isTimedRead(filters: readonly EventFilter[], within: Window | undefined): boolean {
  return isMoving(within) || filters.some(({ where = [] }) => where.some(isTimedJson))
}

/** The first instant after now at which rules about dates may be met or not by what they were not or were before. */
export function nextRuleChange(
  filters: readonly EventFilter[],
  events: readonly EventFact[],
  environment: Environment,
): number | null {
  const changes = filters.flatMap((filter) =>
    (filter.where ?? []).filter(isTimedJson).flatMap((rule) =>
      events
        .filter(({ name }) => namesOf(filter).includes(name))
        .map(({ properties }) => nextJsonChange(jsonAt(properties, pathOf(rule)), rule, environment))
        .filter((at) => at !== null),
    ),
  )
  return changes.length === 0 ? null : changes.reduce((a, b) => Math.min(a, b))
}

/** Instants that no event can have stand for no bound, or for the last there is. */
export function instantOrNull(at: number): Timestamp | null {
  return at < FIRST_MS ? null : toTimestamp(Math.min(at, LAST_MS))
}

/** No event can have happened before. */
export const FIRST_INSTANT: Timestamp = '0001-01-01T00:00:00.000Z'

const FIRST_MS = Date.parse(FIRST_INSTANT)
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')
