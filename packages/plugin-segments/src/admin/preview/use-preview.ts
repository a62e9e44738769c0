import { ApiError, call, type Person } from '@clientele/admin-sdk'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Condition } from '../language/language.ts'

/** A hint about a rule. */
export interface Warning {
  readonly key: string
  readonly params: Readonly<Record<string, unknown>>
  readonly path: string
}

/** Whom a condition selects. */
export interface PreviewAnswer {
  readonly count: number
  readonly share: number
  /** The count is one of a sample: within so many of the exact figure, in 19 of 20 cases. */
  readonly estimate?: { readonly error: number } | null
  readonly sample: readonly Person[]
  readonly warnings: readonly Warning[]
}

/** What is known of the condition that stands there now, or of the one before while it is asked. */
export interface PreviewState {
  readonly answer: PreviewAnswer | null
  readonly error: ApiError | null
  readonly isAsking: boolean
  readonly retry: () => void
}

/** Milliseconds after the last edit. */
const PAUSE = 250

/** Of this window: a newer question of it drops an older one that still waits. */
const key = String(crypto.getRandomValues(new Uint32Array(1))[0])

/**
 * Asks whom a condition selects, a moment after the last edit; what was asked before is dropped. An estimate is followed
 * by the exact figure.
 *
 * @param condition null: nothing is asked, the former answer stays
 */
export function usePreview(condition: Condition | null): PreviewState {
  const [state, setState] = useState<Omit<PreviewState, 'retry'>>({
    answer: null,
    error: null,
    isAsking: true,
  })
  const [attempt, setAttempt] = useState(0)
  const isFirst = useRef(true)
  const text = condition && JSON.stringify(condition)
  useEffect(() => {
    if (text === null) {
      setState(({ answer }) => ({ answer, error: null, isAsking: false }))
      return
    }
    const abort = new AbortController()
    setState(({ answer, error }) => ({ answer, error, isAsking: true }))
    const timer = setTimeout(() => void ask(text, abort.signal, setState), isFirst.current ? 0 : PAUSE)
    isFirst.current = false
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [text, attempt])
  return { ...state, retry: () => setAttempt((count) => count + 1) }
}

async function ask(
  text: string,
  signal: AbortSignal,
  tell: (state: Omit<PreviewState, 'retry'>) => void,
): Promise<void> {
  const body = { condition: JSON.parse(text) as Condition, key }
  try {
    const answer = await call<PreviewAnswer>('/api/v1/segments/preview', { body, signal })
    tell({ answer, error: null, isAsking: false })
    if (!answer.estimate) return
    const exact = { ...body, exact: true }
    tell({
      answer: await call<PreviewAnswer>('/api/v1/segments/preview', { body: exact, signal }),
      error: null,
      isAsking: false,
    })
  } catch (error) {
    if (signal.aborted || !(error instanceof ApiError)) return
    tell({ answer: null, error, isAsking: false })
  }
}
