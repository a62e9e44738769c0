import { signal, type ReadonlySignal } from '@preact/signals'

/** Who is signed in, and where. */
export interface Session {
  readonly actor: {
    readonly kind: string
    readonly id: string
    readonly name: string | null
    readonly email: string | null
  }
  readonly tenant: {
    readonly id: string
    readonly name: string
    readonly currency: string
    readonly timeZone: string
    readonly locale: string
  }
  /** What they may do: `customers:read`, `orders:*`, `*`. */
  readonly permissions: readonly string[]
}

const current = signal<Session | null>(null)
const expired = signal(false)

/** The session; null while nobody is signed in. */
export const session: ReadonlySignal<Session | null> = current
/** True when a session ended while somebody was at work: what they typed is still there. */
export const sessionExpired: ReadonlySignal<boolean> = expired

/** The shell begins a session. */
export function beginSession(next: Session): void {
  current.value = next
  expired.value = false
}

/** Nobody is signed in any more. */
export function endSession(): void {
  current.value = null
  expired.value = false
}

/** A call was answered 401. */
export function signedOut(): void {
  if (current.peek() !== null) expired.value = true
}

/** True when whoever is signed in may do it. The server decides again. */
export function can(permission: string): boolean {
  const held = current.value?.permissions ?? []
  return held.includes('*') || held.includes(permission) || held.includes(`${permission.split(':', 1)[0]}:*`)
}
