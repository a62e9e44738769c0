import type { Random } from '../ports/random.ts'

/** One hour. */
const LONGEST = 3_600_000

/** The wait before the next attempt: doubled after each, ± 20 % so that what failed together does not return together. */
export function retryDelay(backoffMs: number, failedAttempt: number, random: Random): number {
  const doubled = Math.min(backoffMs * 2 ** (failedAttempt - 1), LONGEST)
  return Math.min(Math.round(doubled * (0.8 + 0.4 * random.number())), LONGEST)
}
