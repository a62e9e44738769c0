/**
 * True when the pattern covers the whole text: `*` is any run of characters, `?` is one. Takes at most as many steps as
 * text and pattern are long, multiplied; a regular expression made from `*a*a*a*b` would take years.
 */
export function matchesWildcards(text: string, pattern: string): boolean {
  const [have, want] = [Array.from(text), Array.from(pattern)]
  let [at, next] = [0, 0]
  // Where to go on when what follows the last star does not fit: only that star can take more, earlier ones need not.
  let star = -1
  let taken = 0
  while (at < have.length) {
    if (want[next] === '*') {
      star = next++
      taken = at
    } else if (want[next] === '?' || want[next] === have[at]) {
      next++
      at++
    } else if (star === -1) {
      return false
    } else {
      next = star + 1
      at = ++taken
    }
  }
  while (want[next] === '*') next++
  return next === want.length
}
