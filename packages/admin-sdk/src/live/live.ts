import { signal, type ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { apiUrl } from '../session/tenant.ts'

/** Rows of an entity that were changed by somebody, somewhere. */
export interface LiveChange {
  readonly entity: string
  readonly kind: 'insert' | 'patch' | 'remove' | 'restore'
  /** Empty where there were more than a hundred. */
  readonly ids: readonly string[]
  readonly count: number
}

/** How a job stands. */
export interface LiveJob {
  readonly id: string
  readonly name: string
  readonly state: 'waiting' | 'running' | 'done' | 'dead' | 'cancelled'
  readonly attempt: number
  readonly done: number | null
  readonly total: number | null
}

type Listener = {
  readonly change?: (change: LiveChange) => void
  readonly job?: (job: LiveJob) => void
  /** Something may have been missed: everything is to be read again. */
  readonly reset: () => void
}

const listeners = new Set<Listener>()
const streaming = signal(false)

/** True while changes are told as they happen; else they are asked for now and then. */
export const isLive: ReadonlySignal<boolean> = streaming

/**
 * Hears of changes of entities as they happen. One stream serves the whole window, and none while nobody looks at it: a
 * browser has few connections for all its windows. Where no stream comes through, `onChange` is called without a change
 * every 15 seconds; so it is after a gap.
 *
 * @param entities their names; none: nothing is heard
 */
export function useLive(entities: readonly string[], onChange: (change: LiveChange | null) => void): void {
  const hear = useRef(onChange)
  hear.current = onChange
  const names = entities.join(',')
  useEffect(() => {
    if (names === '') return
    const wanted = new Set(names.split(','))
    return listen({
      change: (change) => wanted.has(change.entity) && hear.current(change),
      reset: () => hear.current(null),
    })
  }, [names])
}

/** Hears of jobs and changes until the answer is called; for code beside components. */
export function listen(listener: Listener): () => void {
  listeners.add(listener)
  start()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) stop()
  }
}

let stream: EventSource | undefined
let timer: ReturnType<typeof setInterval> | undefined
let wasAway = false
/** Where the last stream ended: the next goes on behind it. */
let last = ''

const POLL = 15_000

function start(): void {
  document.addEventListener('visibilitychange', watched)
  if (stream || document.hidden) return
  const after = last === '' ? '' : `&after=${encodeURIComponent(last)}`
  stream = new EventSource(apiUrl(`/api/v1/live?jobs=true${after}`), { withCredentials: true })
  stream.addEventListener('open', () => {
    streaming.value = true
    clearInterval(timer)
    timer = undefined
    if (wasAway) everybody((one) => one.reset())
    wasAway = false
  })
  stream.addEventListener('error', () => {
    streaming.value = false
    wasAway = last === ''
    // The browser tries again by itself, unless the server refused: then people are served all the same.
    timer ??= setInterval(() => everybody((one) => one.reset()), POLL)
  })
  on('change', (data) => everybody((one) => one.change?.(data as LiveChange)))
  on('job', (data) => everybody((one) => one.job?.(data as LiveJob)))
  on('reset', () => everybody((one) => one.reset()))
}

function stop(): void {
  stream?.close()
  stream = undefined
  streaming.value = false
  clearInterval(timer)
  timer = undefined
}

function watched(): void {
  if (listeners.size === 0) return
  if (document.hidden) stop()
  else start()
}

function on(type: string, tell: (data: unknown) => void): void {
  stream!.addEventListener(type, ({ data, lastEventId }: MessageEvent<string>) => {
    if (lastEventId) last = lastEventId
    tell(JSON.parse(data))
  })
}

function everybody(tell: (listener: Listener) => void): void {
  for (const listener of listeners) tell(listener)
}
