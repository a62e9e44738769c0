/**
 * The house from the ground up: a package imports only from floors below its own, so packages on one floor do not
 * know each other. `*` stands for any rest of a name; the first pattern that fits decides.
 */
const floors: readonly (readonly string[])[] = [
  ['core'],
  ['adapter-*', 'mailer-*', 'conditions'],
  ['testing', 'admin-sdk'],
  ['plugin-customers'],
  ['plugin-inventory'],
  ['plugin-orders'],
  ['plugin-segments'],
  ['plugin-messaging'],
  ['plugin-flows'],
  ['plugin-campaigns'],
  ['plugin-*'],
  ['*'],
]

/** The floor of `@clientele/<name>`; examples and everything else stand on the roof. */
export function floorOf(packageName: string): number {
  const name = shortName(packageName)
  if (name === undefined) return floors.length
  return floors.findIndex((patterns) => patterns.some((pattern) => fits(name, pattern)))
}

/** `plugin-orders` for `@clientele/plugin-orders` and its subpaths; undefined for other packages. */
export function shortName(specifier: string): string | undefined {
  return /^@clientele\/([^/]+)/.exec(specifier)?.[1]
}

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
