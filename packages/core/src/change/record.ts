import type { InternalTx, Runtime } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { announce, isWatched, type Written } from './announce.ts'

/**
 * What the core itself keeps of writes, in the same transaction: the search index, the journal of live updates. Unlike
 * a subscriber it does not make the writer read a row back: `before` may be null, also of a patch and a removal.
 */
export interface ChangeRecorder {
  /** Whether it keeps anything of this entity's writes; the same answer every time. */
  wants(registered: RegisteredEntity): boolean
  record(t: InternalTx, written: Written): Promise<void>
}

/** True when a write of the entity must be told to anybody. */
export function isRecorded({ registry, recorders }: Runtime, registered: RegisteredEntity): boolean {
  return isWatched(registry, registered.entity) || recorders.some((recorder) => recorder.wants(registered))
}

/** Tells what was written: the core's recorders first, then subscribers in plugin order. */
export async function record(t: InternalTx, runtime: Runtime, written: Written): Promise<void> {
  if (written.rows.length === 0) return
  for (const recorder of runtime.recorders) {
    if (recorder.wants(written.registered)) await recorder.record(t, written)
  }
  await announce(t, runtime.registry, written)
}
