import * as z from 'zod'

/** Where a tenant's trail stood: keep it where whoever may write to the database may not. */
export interface AuditCheckpoint {
  readonly tenantId: string
  /** How many entries had been numbered. */
  readonly seq: number
  /** The hash of the last of them, which stands for all. */
  readonly hash: string
  readonly at: string
  /** Under the key ring: nobody can write one without its key. */
  readonly signature: string
}

export const auditOptions = z.object({
  checkpoint: z
    .custom<(checkpoint: AuditCheckpoint) => unknown>((value) => typeof value === 'function')
    .optional()
    .describe('Takes a checkpoint of each trail to a second place, every 5 minutes while it grows'),
})

/** What a host sets: `audit({ checkpoint: (one) => bucket.put(…) })`. */
export type AuditOptions = z.input<typeof auditOptions>
export type AuditConfig = z.output<typeof auditOptions>
