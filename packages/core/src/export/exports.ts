import type { Ctx, Tx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import type { ExportRow } from './export.entity.ts'

/** What is exported. */
export interface ExportRequest {
  /** As the entity's list takes it: `{ status: 'active', sort: '-createdAt', q: 'ana' }`. @default all rows */
  readonly query?: Readonly<Record<string, unknown>>
  /**
   * In the order of the file; those of extensions as `metrics.totalSpend`.
   * @default the entity's own, which is what an import takes
   */
  readonly columns?: readonly string[]
  /** Begin with a byte order mark, which Excel needs to read UTF-8. @default false */
  readonly bom?: boolean
}

/** A file that is being made while somebody reads it. */
export interface CsvExport {
  /** As the header says them. */
  readonly columns: readonly string[]
  /**
   * The file in pieces of many lines. Rows are read page by page as somebody takes them, and no more once nobody does;
   * the rows of a later page are as they are then.
   */
  readonly content: AsyncIterable<string>
  /** How many rows there are now. Looks at all of them. */
  total(this: void): Promise<number>
}

/** Rows of entities as CSV files. Secrets and removed rows are never in them. */
export interface Exports {
  /**
   * @param entity its name: `customers`
   * @throws `export.unknown_entity`, `export.unknown_column`, `http.invalid_request`, `http.unknown_field`
   */
  csv(
    this: void,
    ctx: Ctx,
    entity: string,
    request?: ExportRequest & { /** Told after every page. */ readonly onRows?: (done: number) => unknown },
  ): Promise<CsvExport>
  /**
   * Makes the file in a job; whoever may read the entity may download it for 7 days. @throws as {@link Exports.csv}
   *
   * @param request.name what the file is called. @default the entity's name and the day
   */
  start(t: Tx, entity: string, request?: ExportRequest & { readonly name?: string }): Promise<ExportRow>
  /** Ends one that waits or runs. @throws `entity.not_found`, `export.over` */
  cancel(t: Tx, id: string): Promise<ExportRow>
}

export const Exports = defineService<Exports>('core.exports')
