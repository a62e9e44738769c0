import { nearestNames } from '@clientele/core'

/** Names that are listed when none is near. */
const FEW = 12

/** `unknown field "contry"; did you mean country?` */
export function unknownName(what: string, wrong: string, known: readonly string[]): string {
  const near = nearestNames(wrong, known)
  const names = near.length > 0 || known.length > FEW ? near : known
  return `unknown ${what} "${wrong.slice(0, 60)}"${names.length > 0 ? `; did you mean ${names.join(' or ')}?` : ''}`
}
