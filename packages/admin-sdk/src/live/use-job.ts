import { useEffect, useState } from 'preact/hooks'
import { ApiError, call } from '../api/call.ts'
import { listen, type LiveJob } from './live.ts'

/** How a job stands; `done` also means that it was cancelled: a job that is over leaves no trace. */
export interface JobProgress {
  readonly state: 'waiting' | 'running' | 'done' | 'dead'
  readonly done: number | null
  readonly total: number | null
  /** Why it is dead, or did not come through the last time. */
  readonly error: string | null
}

interface JobRow {
  readonly state: 'waiting' | 'running' | 'dead'
  readonly progress: { readonly done: number; readonly total: number | null } | null
  readonly lastError: string | null
}

const PACE = 2000

/**
 * How a job stands, as it goes on; undefined until that is known. Asked for every two seconds, and told by the live
 * stream in between.
 *
 * @param id null: none
 */
export function useJob(id: string | null): JobProgress | undefined {
  const [progress, setProgress] = useState<JobProgress>()
  useEffect(() => {
    setProgress(undefined)
    if (id === null) return
    let timer: ReturnType<typeof setTimeout>
    let isOver = false
    const ask = async (): Promise<void> => {
      const next = await read(id)
      if (isOver) return
      if (next) setProgress(next)
      if (next?.state !== 'done' && next?.state !== 'dead') timer = setTimeout(() => void ask(), PACE)
    }
    void ask()
    const told = (job: LiveJob): void => {
      if (job.id !== id) return
      const state = job.state === 'cancelled' ? 'done' : job.state
      setProgress((before) => ({ state, done: job.done, total: job.total, error: before?.error ?? null }))
    }
    const quiet = listen({ job: told, reset: () => {} })
    return () => {
      isOver = true
      clearTimeout(timer)
      quiet()
    }
  }, [id])
  return progress
}

/** @returns undefined when nobody can tell at the moment */
async function read(id: string): Promise<JobProgress | undefined> {
  try {
    const { state, progress, lastError } = await call<JobRow>(`/api/v1/jobs/${id}`)
    return { state, done: progress?.done ?? null, total: progress?.total ?? null, error: lastError }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.status === 404 ? { state: 'done', done: null, total: null, error: null } : undefined
  }
}
