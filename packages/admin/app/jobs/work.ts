import { can, fmt, useQuery } from '@clientele/admin-sdk'

/** Something long that runs, or ran lately. */
export interface Work {
  readonly id: string
  readonly kind: 'import' | 'export' | 'job'
  /** Of the file, or of the job. */
  readonly name: string
  /** The entity whose rows they are. */
  readonly entity: string | null
  readonly state: string
  readonly isRunning: boolean
  readonly createdAt: string
  /** From 0 to 1; null when nobody knows how much it is. */
  readonly share: number | null
  /** Rows so far. */
  readonly rows: number | null
  /** Rows that were not taken, to be mended and imported again. */
  readonly refused: number
  readonly problem: string | null
}

interface PageOf<T> {
  readonly items: readonly T[]
}

interface Import {
  readonly id: string
  readonly entity: string
  readonly fileName: string
  readonly state: string
  readonly read: number
  readonly failed: number
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly message: string | null
  readonly createdAt: string
}

interface Export {
  readonly id: string
  readonly entity: string
  readonly name: string
  readonly state: string
  readonly rowsDone: number
  readonly rowsTotal: number | null
  readonly error: string | null
  readonly createdAt: string
}

interface Job {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly progress: { readonly done: number; readonly total: number | null } | null
  readonly createdAt: string
  readonly lastError: string | null
}

/** Where the tray looks; whoever starts something invalidates one of these. */
const WORK_PATHS = ['/api/v1/imports', '/api/v1/exports', '/api/v1/jobs'] as const

const LATEST = '?sort=-createdAt&limit=8'
const OVER = new Set(['done', 'failed', 'cancelled', 'undone', 'dead'])
/** They stand among imports and exports. */
const OWN_LISTS = /^core\.(import|undoImport|export)$/

/** What runs and ran lately, the newest first; the server leaves out what somebody may not see. */
export function useWork(): { readonly work: readonly Work[]; readonly reload: () => void } {
  const imports = useQuery<PageOf<Import>>(WORK_PATHS[0] + LATEST)
  const exports = useQuery<PageOf<Export>>(WORK_PATHS[1] + LATEST)
  const jobs = useQuery<PageOf<Job>>(can('jobs:read') ? `${WORK_PATHS[2]}?state=running&limit=20` : null)
  const work = [
    ...(imports.data?.items ?? []).map(ofImport),
    ...(exports.data?.items ?? []).map(ofExport),
    // Short ones come and go all the time; long ones tell how far they are.
    ...(jobs.data?.items ?? []).filter((one) => one.progress && !OWN_LISTS.test(one.name)).map(ofJob),
  ].toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
  return {
    work,
    reload: () => {
      imports.reload()
      exports.reload()
      jobs.reload()
    },
  }
}

function ofImport(one: Import): Work {
  const { id, entity, fileName, state, read, failed, bytesRead, bytesTotal, message, createdAt } = one
  const share = bytesTotal > 0 ? bytesRead / bytesTotal : null
  return {
    ...common({ id, entity, state, createdAt }),
    kind: 'import',
    name: fileName,
    share,
    rows: read,
    refused: failed,
    problem: message,
  }
}

function ofExport({ id, entity, name, state, rowsDone, rowsTotal, error, createdAt }: Export): Work {
  const share = rowsTotal ? rowsDone / rowsTotal : null
  return {
    ...common({ id, entity, state, createdAt }),
    kind: 'export',
    name,
    share,
    rows: rowsDone,
    refused: 0,
    problem: error,
  }
}

function ofJob({ id, name, state, progress, createdAt, lastError }: Job): Work {
  const { done = 0, total = null } = progress ?? {}
  const share = total ? Math.min(1, done / total) : null
  return {
    ...common({ id, entity: null, state, createdAt }),
    kind: 'job',
    name,
    share,
    rows: null,
    refused: 0,
    problem: lastError,
  }
}

function common(one: Pick<Work, 'id' | 'entity' | 'state' | 'createdAt'>) {
  return { ...one, isRunning: !OVER.has(one.state) }
}

/** How far it is, in words. */
export function shareText({ share }: Work): string {
  return share === null ? '' : fmt.percent(Math.min(1, share))
}
