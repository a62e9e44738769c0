// Known to every copy of the core: the command line may be another one than the composition's.
const REASON = Symbol.for('clientele:no-start')
const holder = globalThis as { [REASON]?: string | null }

/** From now on no instance of this process starts, for that reason; null allows it again. */
export function forbidStart(reason: string | null): void {
  holder[REASON] = reason
}

/** Why no instance may start now; null when any may. */
export function whyNoStart(): string | null {
  return holder[REASON] ?? null
}
