import { signal, type ReadonlySignal } from '@preact/signals'

const current = signal(globalThis.navigator?.onLine ?? true)

/** False while the server cannot be reached. */
export const isReachable: ReadonlySignal<boolean> = current

/** What the last call found out. An answer that was under way when the network went says nothing of now. */
export function reached(isThere: boolean): void {
  current.value = isThere && (globalThis.navigator?.onLine ?? true)
}

globalThis.addEventListener?.('offline', () => reached(false))
globalThis.addEventListener?.('online', () => reached(true))
