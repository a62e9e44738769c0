import { coreErrors } from '../errors/core.errors.ts'
import type { Statement, Storage } from '../storage/storage.ts'

type RunPopulation = (
  tenantId: string,
  statement: Statement,
  signal: AbortSignal,
  latest: string | undefined,
) => Promise<unknown[]>

/** The population lane with supersession: a later run of one key drops the earlier one. */
export function createPopulation(storage: Storage): RunPopulation {
  const running = new Map<string, AbortController>()
  return async (tenantId, statement, signal, latest) => {
    if (latest === undefined) return (await storage.population({ tenantId }, statement, signal)).rows
    const key = `${tenantId}/${latest}`
    running.get(key)?.abort(coreErrors['storage.superseded']({ key: latest }))
    const own = new AbortController()
    running.set(key, own)
    try {
      return (await storage.population({ tenantId }, statement, AbortSignal.any([signal, own.signal]))).rows
    } finally {
      if (running.get(key) === own) running.delete(key)
    }
  }
}
