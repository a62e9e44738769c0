/** The known names nearest to a wrong one, best first, at most three; all of a short list when none is near. */
function nearest(wrong: string, known: readonly string[]): readonly string[] {
  const near = known
    .map((name) => ({ name, distance: editDistance(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name)
  if (near.length > 0) return near
  return known.length <= 12 ? known : []
}

/** `unknown field "contry"; did you mean country?` */
export function unknownName(what: string, wrong: string, known: readonly string[]): string {
  const names = nearest(wrong, known)
  return `unknown ${what} "${wrong.slice(0, 60)}"${names.length > 0 ? `; did you mean ${names.join(' or ')}?` : ''}`
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  const [from, to] = [a.slice(0, 60), b.slice(0, 60)]
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const swap = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
