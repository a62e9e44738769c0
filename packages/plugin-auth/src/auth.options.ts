import * as z from 'zod'

export const authOptions = z.object({
  keepDays: z
    .int()
    .min(0)
    .max(3650)
    .default(30)
    .describe('How long an auth stays after it was closed, in days'),
})

/** What a host sets: `auth({ keepDays: 7 })`. */
export type AuthOptions = z.input<typeof authOptions>
export type AuthConfig = z.output<typeof authOptions>
