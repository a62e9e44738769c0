type Version = readonly [major: number, minor: number, patch: number]

/** True for `1.2.3`, with an optional pre-release tag that comparisons ignore. */
export function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(text)
}

/** True for the ranges {@link satisfies} understands. */
export function isRange(range: string): boolean {
  return range.split('||').every((part) => /^(\*|[\^~]?\d+\.\d+\.\d+|>=\d+\.\d+\.\d+)$/.test(part.trim()))
}

/** Semver ranges as plugins write them: `*`, `1.2.3`, `^1.2.3`, `~1.2.3`, `>=1.2.3`, and `||` between them. */
export function satisfies(version: string, range: string): boolean {
  return range.split('||').some((part) => satisfiesOne(parse(version), part.trim()))
}

function satisfiesOne(version: Version, range: string): boolean {
  if (range === '*') return true
  if (range.startsWith('>=')) return compare(version, parse(range.slice(2))) >= 0
  const operator = range[0] === '^' || range[0] === '~' ? range[0] : '='
  const low = parse(operator === '=' ? range : range.slice(1))
  if (operator === '=') return compare(version, low) === 0
  return compare(version, low) >= 0 && compare(version, ceiling(low, operator)) < 0
}

/** The first version a caret or tilde range leaves out: `^0.2.3` stops at 0.3.0, `^1.2.3` at 2.0.0. */
function ceiling([major, minor, patch]: Version, operator: '^' | '~'): Version {
  if (operator === '~' || (major === 0 && minor > 0)) return [major, minor + 1, 0]
  return major > 0 ? [major + 1, 0, 0] : [0, 0, patch + 1]
}

function parse(text: string): Version {
  const [major = 0, minor = 0, patch = 0] = text.split('-', 1)[0]!.split('.').map(Number)
  return [major, minor, patch]
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
