import { defineJob, fromTimestamp, toTimestamp, type Tx } from '@clientele/core'
import * as z from 'zod'

/** Changes memberships whose time has come. */
export const FireTimers = defineJob('segments.timers', z.object({}), { concurrency: 1 })

/** A schedule looks every five minutes; what is due before its next look has a job of its own. */
const HORIZON = 5 * 60_000 + 30_000

/** The job begins a little early and waits: it is looked for every second only. */
const LEAD = 1000

/** Jobs that are due within the same quarter of a second are one. */
const GRAIN = 250

/** A job that may be running already could have looked; it is not relied on. */
const TOO_NEAR = 5000

/** Looks at the timers exactly then. */
export async function wakeAt(t: Tx, at: number): Promise<void> {
  await t.enqueue(FireTimers, {}, { runAt: toTimestamp(at) })
}

/** Makes sure that somebody looks at the timers at an instant. */
export async function wakeFor(t: Tx, at: number): Promise<void> {
  const now = fromTimestamp(t.now())
  if (at > now + HORIZON) return
  const slot = Math.ceil(at / GRAIN) * GRAIN
  const runAt = toTimestamp(Math.max(slot - LEAD, now))
  await t.enqueue(FireTimers, {}, slot > now + TOO_NEAR ? { runAt, dedupeKey: `at ${slot}` } : { runAt })
}
