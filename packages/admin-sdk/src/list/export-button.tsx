import { useState } from 'preact/hooks'
import { startExport } from '../job/export-jobs.ts'
import type { EntityDescription } from '../panel/manifest.ts'
import { apiUrl } from '../session/tenant.ts'
import { Icon } from '../ui/icon.tsx'
import { toast } from '../ui/toasts.tsx'
import { t } from '../words/words.ts'

interface ExportButtonProps {
  readonly entity: EntityDescription
  /** Filters, search and sort of the list. */
  readonly parameters: URLSearchParams
  /** Those somebody chose; null: all of the entity. */
  readonly columns: readonly string[] | null
  readonly total: number
}

/** Files of more rows than this are made by a job. */
const DIRECT = 2000

/** The rows that the list has as a CSV file: few at once, many by a job whose progress stands among the notices. */
export function ExportButton({ entity, parameters, columns, total }: ExportButtonProps) {
  const [busy, setBusy] = useState(false)
  // Columns of the panel's own are none of the server's.
  const names = columns?.filter((name) => entity.fields.some((field) => field.name === name))
  const title = t('export.title')
  const label = (
    <>
      <Icon name="download" />
      {t('export.button')}
    </>
  )
  if (entity.routes.includes('exportCsv') && (total <= DIRECT || !entity.routes.includes('startExport'))) {
    const query = new URLSearchParams(parameters)
    query.set('bom', 'true')
    if (names) query.set('columns', names.join(','))
    return (
      <a class="button" title={title} href={apiUrl(`${entity.path}/export.csv?${query}`)} download="">
        {label}
      </a>
    )
  }
  if (!entity.routes.includes('startExport')) return null
  const start = async (): Promise<void> => {
    setBusy(true)
    try {
      await startExport(entity.path, {
        query: Object.fromEntries(parameters),
        ...(names ? { columns: names } : {}),
      })
      toast(t('export.started'))
    } catch (error) {
      toast((error as Error).message, { kind: 'problem' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <button type="button" title={title} disabled={busy} onClick={() => void start()}>
      {label}
    </button>
  )
}
