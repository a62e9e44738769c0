import { signal, type ReadonlySignal } from '@preact/signals'
import { ApiError, call } from '../api/call.ts'
import { keep, kept } from '../session/kept.ts'

/** A file of many rows that the server makes. */
export interface ExportJob {
  readonly id: string
  /** Of the file. */
  readonly name: string
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly rowsDone: number
  readonly rowsTotal: number | null
  readonly error: string | null
}

const jobs = signal<readonly ExportJob[]>([])

/** The exports that were begun in this browser and not yet put away. */
export const exportJobs: ReadonlySignal<readonly ExportJob[]> = jobs

/**
 * Has a file made of all rows that a list shows; how far it is stands among the notices, after a reload as well.
 * @param path of the entity: `/api/v1/customers`
 * @throws ApiError when it may not begin
 */
export async function startExport(
  path: string,
  request: { readonly query: Readonly<Record<string, string>>; readonly columns?: readonly string[] },
): Promise<ExportJob> {
  const job = await call<ExportJob>(`${path}/export`, { body: { ...request, bom: true } })
  put([...jobs.value, job])
  watch()
  return job
}

/** Ends an export that waits or runs. */
export async function cancelExport(id: string): Promise<void> {
  change(await call<ExportJob>(`/api/v1/exports/${id}/cancel`, { method: 'POST' }))
}

/** Puts the notice away; the file stays for its 7 days. */
export function dismissExport(id: string): void {
  put(jobs.value.filter((job) => job.id !== id))
}

/** Goes on where the page was left. */
export async function resumeExports(): Promise<void> {
  const known = new Set(jobs.value.map(({ id }) => id))
  const others = readKept().filter((id) => !known.has(id))
  if (others.length === 0) return
  const found = await Promise.all(others.map((id) => read(id)))
  put([...jobs.value, ...found.flatMap((job) => (job ? [job] : []))])
  watch()
}

/** True when exports were begun that somebody may want to hear of. */
export function hasExports(): boolean {
  return jobs.value.length > 0 || readKept().length > 0
}

/** Where their ids are kept. */
const PLACE = 'exports'

let timer: ReturnType<typeof setTimeout> | undefined

function watch(): void {
  if (timer !== undefined) return
  const running = jobs.value.filter(isRunning)
  if (running.length === 0) return
  timer = setTimeout(async () => {
    for (const { id } of running) {
      const job = await read(id).catch(() => undefined)
      if (job) change(job)
      else if (job === null) dismissExport(id)
    }
    timer = undefined
    watch()
  }, 1000)
}

function isRunning({ state }: ExportJob): boolean {
  return state === 'waiting' || state === 'running'
}

/** @returns null when there is none any more; throws nothing that time would mend */
async function read(id: string): Promise<ExportJob | null | undefined> {
  try {
    return await call<ExportJob>(`/api/v1/exports/${id}`)
  } catch (error) {
    if (error instanceof ApiError) return error.status === 404 ? null : undefined
    throw error
  }
}

function change(job: ExportJob): void {
  put(jobs.value.map((one) => (one.id === job.id ? job : one)))
}

function put(next: readonly ExportJob[]): void {
  jobs.value = next
  keep(PLACE, next.length > 0 ? next.map(({ id }) => id) : null, { in: 'browser' })
}

function readKept(): readonly string[] {
  const ids = kept(PLACE, { in: 'browser' })
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
}
