import * as z from 'zod'

const address = z.email().max(254)

/** An e-mail address as it is compared: in lower case, without blanks around it; null for what is none. */
export function normalEmail(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const parsed = address.safeParse(value.trim().toLowerCase())
  return parsed.success ? parsed.data : null
}

/** A telephone number that is written with its country, in E.164 as far as its form goes; null for any other. */
export function normalPhone(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const digits = value.trim().replaceAll(/[\s().-]/g, '')
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null
}
