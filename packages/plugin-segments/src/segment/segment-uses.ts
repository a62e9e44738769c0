import { defineExtensionPoint, type Ctx, type Tx } from '@clientele/core'
import { segmentsErrors } from '../segments.errors.ts'

/** Something that hangs on a segment. */
export interface SegmentUse {
  /** What it is: `flow`, `campaign`, `segment`. */
  readonly kind: string
  readonly id: string
  readonly name: string
}

/** Finds what hangs on a segment, so that nobody removes it from under others. */
export interface SegmentUseFinder {
  find(ctx: Ctx, segmentId: string): Promise<readonly SegmentUse[]>
}

/** Where plugins say what of theirs uses a segment. */
export const SegmentUses = defineExtensionPoint<SegmentUseFinder>('segments.uses')

/** What hangs on a segment, of all plugins. */
export async function usesOf(ctx: Ctx, segmentId: string): Promise<readonly SegmentUse[]> {
  const found = []
  for (const finder of ctx.extensions(SegmentUses)) found.push(...(await finder.find(ctx, segmentId)))
  return found
}

/** @throws `segments.in_use` */
export async function refuseUsed(t: Tx, id: string): Promise<void> {
  const uses = await usesOf(t, id)
  if (uses.length > 0) throw segmentsErrors['segments.in_use']({ id, uses })
}
