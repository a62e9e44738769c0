import { Audit } from '../audit/audit.ts'
import type { Ctx, Tx } from '../context/context.ts'
import { cleanFileName } from '../files/file-name.ts'
import { fromTimestamp, toTimestamp } from '../ports/clock.ts'
import { ExportEntity, type ExportRow } from './export.entity.ts'
import { exportErrors } from './export.errors.ts'
import { RunExport } from './export.jobs.ts'
import { exportPages } from './export-pages.ts'
import type { Exports } from './exports.ts'
import { exportable, planExport, type ExportPlan } from './plan-export.ts'

/** How long a finished export can be downloaded. */
const KEPT_MS = 7 * 24 * 3_600_000

export function createExports(): Exports {
  return {
    async csv(ctx, entity, request = {}) {
      const plan = planExport(exportable(ctx, entity), request)
      return {
        columns: plan.columns.map(({ field }) => field.name),
        content: await exportPages(ctx, plan, request),
        total: () => countRows(ctx, plan),
      }
    },
    async start(t, entity, request = {}) {
      const crud = exportable(t, entity)
      const plan = planExport(crud, request)
      const row = await t.repo(ExportEntity).insert({
        name: cleanFileName(request.name ?? fileNameOf(t, entity)),
        entity,
        query: storable(request.query),
        columns: plan.columns.map(({ field }) => field.name),
        bom: request.bom ?? false,
        permission: crud.read,
        expiresAt: toTimestamp(fromTimestamp(t.now()) + KEPT_MS),
      })
      await t.enqueue(RunExport, { exportId: row.id })
      const details = { entity, columns: row.columns, filters: Object.keys(row.query) }
      await t
        .get(Audit)
        .record(t, { action: 'core.export-started', entity: 'exports', rowId: row.id, details })
      return row
    },
    async cancel(t: Tx, id: string): Promise<ExportRow> {
      await t.lock(ExportEntity, [id])
      const { state } = await t.repo(ExportEntity).get(id)
      if (state !== 'waiting' && state !== 'running') throw exportErrors['export.over']({ id, state })
      return t.repo(ExportEntity).patch(id, { state: 'cancelled', finishedAt: t.now() })
    },
  }
}

/** `customers-2026-01-31.csv` */
export function fileNameOf(ctx: Ctx, entity: string): string {
  return `${entity}-${ctx.now().slice(0, 10)}.csv`
}

async function countRows(ctx: Ctx, { registered, query }: ExportPlan): Promise<number> {
  const { total = 0 } = await ctx.repo(registered.entity).list({ ...query, limit: 1, count: 'exact' })
  return total
}

function storable(query: Readonly<Record<string, unknown>> = {}): ExportRow['query'] {
  return JSON.parse(JSON.stringify(query)) as ExportRow['query']
}
