import { csvFields, type CsvField } from '../csv/csv-field.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { nearestNames, plainName } from '../errors/nearest-names.ts'

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
  const problems = new Problems()
  for (const [at, title] of header.entries()) {
    if (title.trim() === '') problems.add(() => `column ${at + 1} has no header`)
    else if (title in mapping) problems.add(() => `two columns are called ${quoted(title)}`)
    const said = Object.hasOwn(given, title) ? given[title] : undefined
    if (said !== undefined) mapping[title] = said
    else if (isLeftOut(registered, title)) mapping[title] = null
    else {
      const found = byPlainName.get(plainName(title))
      mapping[title] = found ?? null
      if (!found && title.trim() !== '') problems.add(() => unknownColumn(title, names))
    }
  }
  addGiven(problems, given, { header, names })
  addDoubled(problems, mapping)
  addMissing(problems, fields, mapping)
  return { mapping: { ...mapping }, problems: problems.sentences() }
}

/** What is read. Further ones are counted only: to look for the nearest names takes long. */
const MOST_PROBLEMS = 50

class Problems {
  #count = 0
  readonly #sentences: string[] = []

  add(sentence: () => string): void {
    this.#count += 1
    if (this.#count <= MOST_PROBLEMS) this.#sentences.push(sentence())
  }

  sentences(): readonly string[] {
    const more = this.#count - this.#sentences.length
    return more === 0 ? this.#sentences : [...this.#sentences, `and ${more} more`]
  }
}

/** Headers that the preview looks for the nearest field of. */
const MOST_SUGGESTIONS = 200

/** As {@link mapHeader}, for a person to correct: a header that names no field gets the nearest one nobody has. */
export function suggestMapping(
  registered: RegisteredEntity,
  header: readonly string[],
  given: Mapping,
): HeaderMapping {
  const suggested: Record<string, string | null> = { ...mapHeader(registered, header, given).mapping }
  const taken = new Set(Object.values(suggested))
  const names = importFields(registered).map(({ name }) => name)
  let looked = 0
  for (const title of header) {
    if (suggested[title] !== null || Object.hasOwn(given, title) || isLeftOut(registered, title)) continue
    if (++looked > MOST_SUGGESTIONS) break
    const free = nearestNames(title, names).find((name) => !taken.has(name))
    if (free === undefined) continue
    suggested[title] = free
    taken.add(free)
  }
  const used = Object.entries(suggested).filter(
    ([title, field]) => field !== null || Object.hasOwn(given, title),
  )
  const { problems } = mapHeader(registered, header, { ...given, ...Object.fromEntries(used) })
  return { mapping: suggested, problems }
}

function isLeftOut({ entity, extensions }: RegisteredEntity, title: string): boolean {
  if (title.startsWith(REPORT_PREFIX)) return true
  if (extensions.some((one) => title.startsWith(`${one.entity.extension?.as}.`))) return true
  return csvFields(entity).some((field) => !field.writable && field.name === title)
}

function unknownColumn(title: string, names: readonly string[]): string {
  const wayOut = nearestOr(title, names, 'fields are')
  return `the column ${quoted(title)} is no field; map it to one or to null: ${wayOut}`
}

function addGiven(
  problems: Problems,
  given: Mapping,
  { header, names }: { readonly header: readonly string[]; readonly names: readonly string[] },
): void {
  const titles = new Set(header)
  for (const [title, field] of Object.entries(given)) {
    if (!titles.has(title))
      problems.add(() => `the file has no column ${quoted(title)}; ${nearestOr(title, header, 'it has')}`)
    else if (field !== null && !names.includes(field)) {
      const wayOut = (): string => nearestOr(field, names, 'fields are')
      problems.add(
        () => `the column ${quoted(title)} is mapped to ${quoted(field)}, which is no field; ${wayOut()}`,
      )
    }
  }
}

function nearestOr(wrong: string, known: readonly string[], all: string): string {
  const near = nearestNames(wrong, known).map(shortened)
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`
  const rest = known.length > MOST_PROBLEMS ? ', …' : ''
  return `${all} ${known.slice(0, MOST_PROBLEMS).map(shortened).join(', ')}${rest}`
}

function addDoubled(problems: Problems, mapping: Mapping): void {
  const titles = Map.groupBy(
    Object.entries(mapping).filter(([, field]) => field !== null),
    ([, field]) => field,
  )
  for (const [field, columns] of titles) {
    if (columns.length === 1) continue
    const named = columns.slice(0, MOST_PROBLEMS).map(([title]) => quoted(title))
    problems.add(
      () => `the columns ${named.join(' and ')} are both mapped to ${field}; map all but one to null`,
    )
  }
}

function addMissing(problems: Problems, fields: readonly CsvField[], mapping: Mapping): void {
  const mapped = new Set(Object.values(mapping))
  const titles = Object.keys(mapping).filter((title) => mapping[title] === null)
  for (const { name, required } of fields) {
    if (!required || mapped.has(name)) continue
    problems.add(() => {
      const [near] = nearestNames(name, titles)
      const wayOut = near === undefined ? '' : `; did you mean ${quoted(near)}?`
      return `no column is mapped to ${name}, which every row needs${wayOut}`
    })
  }
}

function quoted(name: string): string {
  return JSON.stringify(shortened(name))
}

function shortened(name: string): string {
  return name.slice(0, 100).toWellFormed()
}
