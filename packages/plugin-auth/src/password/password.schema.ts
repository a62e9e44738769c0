import * as z from 'zod'

/** A password that is set. No rule but its length: what makes it weak is that others use it. */
export const newPasswordSchema = z.string().min(8).max(256)

/** A password that is compared. */
export const passwordSchema = z.string().min(1).max(256)
