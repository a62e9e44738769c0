import * as z from 'zod'

export const auditOptions = z.object({
  keepDays: z
    .int()
    .min(0)
    .max(3650)
    .default(30)
    .describe('How long an audit stays after it was closed, in days'),
})

/** What a host sets: `audit({ keepDays: 7 })`. */
export type AuditOptions = z.input<typeof auditOptions>
export type AuditConfig = z.output<typeof auditOptions>
