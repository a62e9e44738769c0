import { session } from './session.ts'

/** How long something is kept. */
export interface KeepOptions {
  /** `window`: until it is closed. `browser`: until somebody clears what the browser keeps. @default window */
  readonly in?: 'window' | 'browser'
}

/**
 * What was kept at a place, of whoever is signed in and in this tenant: others at the same browser do not meet it.
 *
 * @param place `note.<id>`; plugins begin it with a word of their own
 * @returns null: nothing was kept, or the browser keeps nothing
 */
export function kept(place: string, options: KeepOptions = {}): unknown {
  try {
    return JSON.parse(storageOf(options).getItem(keyOf(place)) ?? 'null') as unknown
  } catch {
    return null
  }
}

/** Keeps what JSON can say at a place; null forgets it. A browser that keeps nothing is no fault. */
export function keep(place: string, value: unknown, options: KeepOptions = {}): void {
  try {
    if (value === null) storageOf(options).removeItem(keyOf(place))
    else storageOf(options).setItem(keyOf(place), JSON.stringify(value))
  } catch {
    // What was typed is lost when its form closes, and nothing else.
  }
}

function storageOf({ in: where = 'window' }: KeepOptions): Storage {
  return where === 'window' ? sessionStorage : localStorage
}

function keyOf(place: string): string {
  const { tenant, actor } = session.peek() ?? {}
  return `clientele.${tenant?.id}.${actor?.id}.${place}`
}
