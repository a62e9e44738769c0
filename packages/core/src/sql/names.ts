/**
 * SQL names are snake_case, TypeScript names camelCase; both directions are pure functions of the name, so no
 * table of names is needed. Only names for which the round trip is exact are accepted at start.
 */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

export function camelCase(name: string): string {
  return name.includes('_') ? name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : name
}

/** True for names that survive `camelCase(snakeCase(name))`: `lineTotal`, not `LineTotal` or `line_total`. */
export function isPlainName(name: string): boolean {
  return /^[a-z][a-zA-Z0-9]*$/.test(name) && camelCase(snakeCase(name)) === name
}
