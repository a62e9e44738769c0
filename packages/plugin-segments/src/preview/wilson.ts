/** Two-sided 95 % of the normal distribution. */
const Z = 1.959964

/**
 * Between which shares the true one lies in 19 of 20 samples: the score interval of E. B. Wilson, "Probable inference,
 * the law of succession, and statistical inference", JASA 22 (1927). It stays within 0 and 1 and holds for few hits too.
 *
 * @param of how many were asked, 1 or more
 */
export function wilsonInterval(hits: number, of: number): { readonly low: number; readonly high: number } {
  const share = hits / of
  const [middle, spread] = [
    share + Z ** 2 / (2 * of),
    Z * Math.sqrt((share * (1 - share)) / of + (Z / (2 * of)) ** 2),
  ]
  const whole = 1 + Z ** 2 / of
  return { low: Math.max(0, (middle - spread) / whole), high: Math.min(1, (middle + spread) / whole) }
}
