import { CellProblem, moneyOf, valueOf } from '../csv/cell.ts'
import type { CsvField } from '../csv/csv-field.ts'
import type { CsvRecord } from '../csv/read-records.ts'
import type { Values } from '../entity/row-shape.ts'
import { requireStorable } from '../entity/storable.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import { thrownText } from '../ports/loggable.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import type { RowProblem } from './import.entity.ts'
import { importFields, type Mapping } from './mapping.ts'

/** A record that fits its entity. */
export interface ReadRow extends CsvRecord {
  readonly values: Values
}

/** A record and what is wrong with it. */
export interface BadRow extends CsvRecord {
  readonly problems: readonly RowProblem[]
}

export interface RowReaderOptions {
  readonly header: readonly string[]
  readonly mapping: Mapping
  readonly source: string
  readonly emptyCells: 'skip' | 'null'
  readonly encoding: string
}

interface MappedColumn {
  readonly at: number
  readonly field: CsvField
  readonly isNullable: boolean
}

/** Turns records into values of an entity, or says what is wrong with each. Made once per file. */
export class RowReader {
  readonly #registered: RegisteredEntity
  readonly #options: RowReaderOptions
  readonly #columns: readonly MappedColumn[]
  readonly #money: readonly string[]

  constructor(registered: RegisteredEntity, options: RowReaderOptions) {
    this.#registered = registered
    this.#options = options
    const fields = new Map(importFields(registered).map((field) => [field.name, field]))
    this.#columns = options.header.flatMap((title, at) => {
      const field = fields.get(options.mapping[title] ?? '')
      if (!field) return []
      return { at, field, isNullable: registered.columns.get(field.column)?.nullable ?? false }
    })
    this.#money = [
      ...new Set(this.#columns.filter((one) => one.field.kind === 'money').map((one) => one.field.column)),
    ]
  }

  read(record: CsvRecord): ReadRow | BadRow {
    const { header } = this.#options
    if (record.cells.length !== header.length) return this.#wrongWidth(record)
    const problems: RowProblem[] = []
    const values: Values = {}
    const amounts: Values = {}
    for (const { at, field, isNullable } of this.#columns) {
      const cell = record.cells[at]!
      const value = this.#valueOf(record, field, cell)
      if (value instanceof CellProblem) {
        problems.push({ column: header[at]!, value: cell, reason: value.reason })
        if (field.kind === 'money') amounts[field.column] = value
      } else if (field.kind === 'money') amounts[field.name] ??= value
      else if (value !== undefined) values[field.column] = value
      else if (isNullable && this.#options.emptyCells === 'null') values[field.column] = null
    }
    for (const column of this.#money) this.#addMoney(record, column, { amounts, values, problems })
    this.#addSource(values)
    const checked = this.#checked(values)
    if (problems.length === 0 && checked.values) return { ...record, values: checked.values }
    const known = new Set(problems.map(({ column }) => column))
    const more = checked.problems.map((problem) => this.#located(record, problem))
    return { ...record, problems: [...problems, ...more.filter(({ column }) => !known.has(column))] }
  }

  /** The problem with the header and cell of the field that it is about. */
  #located(record: CsvRecord, { column, reason }: RowProblem): RowProblem {
    const mapped = this.#columns.find(({ field }) => field.column === column)
    if (!mapped) return { column: column || null, value: null, reason }
    return { column: this.#options.header[mapped.at]!, value: record.cells[mapped.at]!, reason }
  }

  /** The problem of a row that the database refused. */
  refused(record: CsvRecord, error: unknown): RowProblem {
    if (!isClienteleError(error)) return { column: null, value: null, reason: thrownText(error) }
    const [field = '', ...more] = (error.params['fields'] as readonly string[] | undefined) ?? []
    const reason = reasonOf(error.code, [field, ...more]) ?? error.message
    return this.#located(record, { column: field, value: null, reason })
  }

  #wrongWidth(record: CsvRecord): BadRow {
    const reason = `has ${cells(record.cells.length)}, and the header has ${this.#options.header.length}`
    return { ...record, problems: [{ column: null, value: null, reason }] }
  }

  #valueOf(record: CsvRecord, field: CsvField, cell: string): unknown {
    if (!record.isDamaged || !cell.includes('\uFFFD')) return valueOf(field, cell)
    return new CellProblem(`holds what is no ${this.#options.encoding} text; give the encoding of the file`)
  }

  #addMoney(
    record: CsvRecord,
    column: string,
    {
      amounts,
      values,
      problems,
    }: { readonly amounts: Values; readonly values: Values; readonly problems: RowProblem[] },
  ): void {
    const [amount, currency] = [amounts[column], amounts[`${column}Currency`]]
    if (amount instanceof CellProblem) return
    const money = moneyOf(amount, currency)
    if (money instanceof CellProblem)
      problems.push(this.#located(record, { column, value: null, reason: money.reason }))
    else if (money) values[column] = money
    else if (this.#options.emptyCells === 'null' && this.#registered.columns.get(column)?.nullable)
      values[column] = null
  }

  /** An external id means something only together with where it is from. */
  #addSource(values: Values): void {
    if (typeof values['externalId'] === 'string') values['source'] ??= this.#options.source
  }

  /** The problems name fields of the row. */
  #checked(values: Values): { readonly values?: Values; readonly problems: readonly RowProblem[] } {
    const { entity } = this.#registered
    const parsed = entity.insert.safeParse(values)
    if (!parsed.success) {
      const problems = parsed.error.issues.map(({ path, message }) => {
        const column = String(path[0] ?? '')
        const isMissing = values[column] === undefined || values[column] === null
        return { column, value: null, reason: isMissing ? 'must not be empty' : message }
      })
      return { problems }
    }
    try {
      requireStorable(entity, parsed.data as Values)
    } catch (error) {
      if (!isClienteleError(error)) throw error
      const [column = ''] = error.params['fields'] as readonly string[]
      return { problems: [{ column, value: null, reason: String(error.params['reason']) }] }
    }
    return { values: parsed.data as Values, problems: [] }
  }
}

function reasonOf(code: string, fields: readonly string[]): string | null {
  if (code === 'entity.conflict') return `another row has the same ${fields.join(', ')}`
  if (code === 'entity.reference') return `${fields.join(' or ')} names a row that does not exist`
  return null
}

function cells(count: number): string {
  return count === 1 ? 'one cell' : `${count} cells`
}
