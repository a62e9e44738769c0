import { useState } from 'preact/hooks'
import { call, type ApiError } from './call.ts'
import { useQuery } from './use-query.ts'

interface PageOf<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

/** A list as far as somebody asked for it. */
export interface Pages<T> {
  /** Undefined until the first page is there. */
  readonly items: readonly T[] | undefined
  readonly error: ApiError | undefined
  readonly reload: () => void
  /** Undefined at the end. */
  readonly more: (() => void) | undefined
  readonly isLoading: boolean
}

/**
 * Reads a list page by page, as somebody asks for more; a change of the first page begins anew.
 * @param path with its parameters: `/api/v1/orders?limit=50`
 */
export function usePages<T>(path: string): Pages<T> {
  const first = useQuery<PageOf<T>>(path)
  const [later, setLater] = useState<PageOf<T> & { readonly after: unknown }>()
  const [error, setError] = useState<ApiError>()
  const [isLoading, setLoading] = useState(false)
  // What was read on belongs to the first page that it followed.
  const rest = later?.after === first.data ? later : undefined
  const next = rest ? rest.nextCursor : first.data?.nextCursor
  const more = async (): Promise<void> => {
    setLoading(true)
    try {
      const page = await call<PageOf<T>>(`${path}&cursor=${encodeURIComponent(next!)}`)
      setLater({ ...page, items: [...(rest?.items ?? []), ...page.items], after: first.data })
      setError(undefined)
    } catch (problem) {
      setError(problem as ApiError)
    } finally {
      setLoading(false)
    }
  }
  return {
    items: first.data && [...first.data.items, ...(rest?.items ?? [])],
    error: first.error ?? error,
    reload: first.reload,
    more: next ? () => void more() : undefined,
    isLoading: first.isLoading || isLoading,
  }
}
