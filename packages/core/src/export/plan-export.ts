import type { Ctx } from '../context/context.ts'
import { csvFields, fieldsOfColumn, type CsvField } from '../csv/csv-field.ts'
import type { CsvColumn } from '../csv/csv-writer.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { issuesOf } from '../http/issues.ts'
import { listQuery } from '../http/list-protocol.ts'
import type { ListQuery, ListQuerySchema } from '../http/list-query.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import type { RegisteredCrud, RegisteredEntity } from '../plugin/registry.ts'
import { exportErrors } from './export.errors.ts'
import type { ExportRequest } from './exports.ts'

/** What an export reads and writes. */
export interface ExportPlan {
  readonly registered: RegisteredEntity
  readonly query: ListQuery
  /** What is read, by the names of the list protocol. */
  readonly selected: readonly string[]
  /** What is written; keys are those of `listRecords`. */
  readonly columns: readonly CsvColumn[]
}

/** @throws `export.unknown_column`, `http.invalid_request`, `http.unknown_field` */
export function planExport(
  { entity: registered }: RegisteredCrud,
  { query = {}, columns }: ExportRequest,
): ExportPlan {
  const { entity } = registered
  const extensions = registered.extensions.map((extension) => extension.entity)
  const rows = listQuery(entity, { extensions, paged: false })
  return planOf(registered, parsedRows(rows, query), chosenFields(entity, extensions, columns))
}

/** @throws `export.unknown_entity` for one without `crudRoutes`: nothing says who may read its rows */
export function exportable(ctx: Ctx, entity: string): RegisteredCrud {
  const { crud } = runtimeOf(ctx).registry
  const found = crud.get(entity)
  if (found) return found
  throw exportErrors['export.unknown_entity']({ entity: entity.slice(0, 100), allowed: [...crud.keys()] })
}

/** The plan for a query and fields that are known to fit. */
export function planOf(
  registered: RegisteredEntity,
  query: ListQuery,
  fields: readonly CsvField[],
): ExportPlan {
  // Extensions are joined for the columns that are asked for, and for no others.
  const { include: _, ...rows } = query
  return { registered, query: rows, ...selectionOf(fields) }
}

/** @throws `export.unknown_column` */
export function chosenFields(
  entity: AnyEntity,
  extensions: readonly AnyEntity[],
  columns: readonly string[] | undefined,
): readonly CsvField[] {
  const own = csvFields(entity).filter(({ name, kind }) => kind !== 'secret' && !isRemovalMark(entity, name))
  if (!columns) return own
  const further = extensions.flatMap((extension) =>
    Object.entries(extension.columns).flatMap(([name, column]) =>
      column.spec.kind === 'secret'
        ? []
        : fieldsOfColumn(name, column, `${extension.extension?.as ?? extension.name}.`),
    ),
  )
  const known = new Map([...own, ...further].map((field) => [field.name, field]))
  const chosen = columns.map((column) => {
    const field = known.get(column)
    if (field) return field
    throw exportErrors['export.unknown_column']({ column: column.slice(0, 100), allowed: [...known.keys()] })
  })
  return [...new Set(chosen)]
}

/** Removed rows are not exported, so it would be empty. */
function isRemovalMark({ columns, options }: AnyEntity, name: string): boolean {
  return name === 'deletedAt' && options.softDelete === true && !(name in columns)
}

/** @throws `http.invalid_request`, `http.unknown_field` */
export function parsedRows(rows: ListQuerySchema, query: Readonly<Record<string, unknown>>): ListQuery {
  const parsed = rows.safeParse(query)
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error).map(({ path, message }) => ({ path: `query.${path}`, message }))
  throw coreErrors['http.invalid_request']({ part: 'body', issues })
}

/** Of money the currency is read as well: it says how many digits the amount has. */
function selectionOf(fields: readonly CsvField[]): Pick<ExportPlan, 'selected' | 'columns'> {
  const selected: string[] = []
  const keyOf = (name: string): string => {
    if (!selected.includes(name)) selected.push(name)
    return `c${selected.indexOf(name)}`
  }
  const columns = fields.map((field) => ({
    field,
    key: keyOf(field.name),
    ...(field.part === 'amount' ? { currencyKey: keyOf(`${field.name}Currency`) } : {}),
  }))
  return { selected, columns }
}
