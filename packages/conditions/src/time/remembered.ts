/** Answers that are kept, for one zone and one instant each. */
const MOST = 2000

/**
 * The same function, which keeps its last answers: a batch asks about the same few instants for each of its customers,
 * and reading a zone's clocks takes microseconds each time.
 */
export function remembered<T>(
  compute: (timeZone: string, instant: number) => T,
): (timeZone: string, instant: number) => T {
  const zones = new Map<string, Map<number, T>>()
  return (timeZone, instant) => {
    let known = zones.get(timeZone)
    if (!known) zones.set(timeZone, (known = new Map()))
    const answer = known.get(instant)
    if (answer !== undefined) return answer
    if (known.size >= MOST) known.clear()
    const computed = compute(timeZone, instant)
    known.set(instant, computed)
    return computed
  }
}
