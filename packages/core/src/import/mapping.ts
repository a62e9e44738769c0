import { csvFields, type CsvField } from '../csv/csv-field.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { nearest, plainName } from './nearest.ts'

/** Field by header; null leaves the column out. */
export type Mapping = Readonly<Record<string, string | null>>

/** What begins so is ours: what the error file says beside a row's own cells. */
export const REPORT_PREFIX = 'import:'

/** The fields that a file may fill. Secrets stand in no file. */
export function importFields({ entity }: RegisteredEntity): readonly CsvField[] {
  return csvFields(entity).filter(({ kind, writable }) => writable && kind !== 'secret')
}

/** A mapping of a whole header and what speaks against it. */
export interface HeaderMapping {
  readonly mapping: Mapping
  /** Sentences, each about one column; none when the file can be imported. */
  readonly problems: readonly string[]
}

/**
 * Maps a header: what the caller said, else the field of that name however it is written. What an export adds to the
 * fields (version, times, columns of extensions) and what an error file adds is left out by itself.
 */
export function mapHeader(
  registered: RegisteredEntity,
  header: readonly string[],
  given: Mapping,
): HeaderMapping {
  const fields = importFields(registered)
  const names = fields.map(({ name }) => name)
  const byPlainName = new Map(names.map((name) => [plainName(name), name]))
  const mapping: Record<string, string | null> = Object.create(null)
  const problems: string[] = []
  for (const [at, title] of header.entries()) {
    if (title.trim() === '') problems.push(`column ${at + 1} has no header`)
    else if (title in mapping) problems.push(`two columns are called ${quoted(title)}`)
    const said = Object.hasOwn(given, title) ? given[title] : undefined
    if (said !== undefined) mapping[title] = said
    else if (isLeftOut(registered, title)) mapping[title] = null
    else {
      const found = byPlainName.get(plainName(title))
      mapping[title] = found ?? null
      if (!found) problems.push(unknownColumn(title, names))
    }
  }
  problems.push(...givenProblems(given, header, names), ...doubled(mapping), ...missing(fields, mapping))
  return { mapping: { ...mapping }, problems }
}

/** As {@link mapHeader}, for a person to correct: a header that names no field gets the nearest one nobody has. */
export function suggestMapping(
  registered: RegisteredEntity,
  header: readonly string[],
  given: Mapping,
): HeaderMapping {
  const suggested: Record<string, string | null> = { ...mapHeader(registered, header, given).mapping }
  const taken = new Set(Object.values(suggested))
  const names = importFields(registered).map(({ name }) => name)
  for (const title of header) {
    if (suggested[title] !== null || Object.hasOwn(given, title) || isLeftOut(registered, title)) continue
    const free = nearest(title, names).find((name) => !taken.has(name))
    if (free === undefined) continue
    suggested[title] = free
    taken.add(free)
  }
  const used = Object.entries(suggested).filter(
    ([title, field]) => field !== null || Object.hasOwn(given, title),
  )
  const { problems } = mapHeader(registered, header, Object.fromEntries(used))
  return { mapping: suggested, problems }
}

function isLeftOut({ entity, extensions }: RegisteredEntity, title: string): boolean {
  if (title.startsWith(REPORT_PREFIX)) return true
  if (extensions.some((one) => title.startsWith(`${one.entity.extension?.as}.`))) return true
  return csvFields(entity).some((field) => !field.writable && field.name === title)
}

function unknownColumn(title: string, names: readonly string[]): string {
  const near = nearest(title, names)
  const wayOut = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `fields are ${names.join(', ')}`
  return `the column ${quoted(title)} is no field; map it to one or to null: ${wayOut}`
}

function givenProblems(given: Mapping, header: readonly string[], names: readonly string[]): string[] {
  return Object.entries(given).flatMap(([title, field]) => {
    if (!header.includes(title)) {
      const near = nearest(title, header)
      return `the file has no column ${quoted(title)}; ${near.length > 0 ? `did you mean ${near.join(' or ')}?` : `it has ${header.join(', ')}`}`
    }
    if (field === null || names.includes(field)) return []
    const near = nearest(field, names)
    return `the column ${quoted(title)} is mapped to ${quoted(field)}, which is no field; ${near.length > 0 ? `did you mean ${near.join(' or ')}?` : `fields are ${names.join(', ')}`}`
  })
}

function doubled(mapping: Mapping): string[] {
  const titles = Map.groupBy(
    Object.entries(mapping).filter(([, field]) => field !== null),
    ([, field]) => field,
  )
  return [...titles].flatMap(([field, columns]) =>
    columns.length > 1
      ? `the columns ${columns.map(([title]) => quoted(title)).join(' and ')} are both mapped to ${field}; map all but one to null`
      : [],
  )
}

function missing(fields: readonly CsvField[], mapping: Mapping): string[] {
  const mapped = new Set(Object.values(mapping))
  const titles = Object.keys(mapping).filter((title) => mapping[title] === null)
  return fields
    .filter(({ name, required }) => required && !mapped.has(name))
    .map(({ name }) => {
      const near = nearest(name, titles)
      return `no column is mapped to ${name}, which every row needs${near.length > 0 ? `; did you mean ${quoted(near[0]!)}?` : ''}`
    })
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 100))
}
