import { isSecretName, type AnyEntity, type Change } from '@clientele/core'

type Json = Readonly<Record<string, unknown>>

/** What an entry tells of a change, or null when it tells nothing. */
export type Details = Json | null

/** Stands for a value that is nobody's business. */
const HIDDEN = '[hidden]'
/** Stands for a personal value that an erasure could not find again, as the row names no person. */
const PERSONAL = '[personal]'

/** Longest details, as JSON: what is longer is told by the names of its columns. */
const LONGEST = 64 * 1024

/** Before and after of the columns that changed; secrets are no part of a row, so that they are never here. */
export function detailsOf({ kind, entity, before, after, columns }: Change, hasSubject: boolean): Details {
  if (kind === 'restore') return null
  const pick = (row: object | null): Json | null => row && shown(entity, row as Json, { columns, hasSubject })
  const [was, is] = [pick(before), pick(after)]
  const details = { ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) }
  return limited(details, columns)
}

/** Whether a patch is worth an entry: one that changed nothing is not, but a secret is never read back to compare. */
export function tellsNothing({ kind, columns, entity }: Change): boolean {
  if (kind !== 'patch' || columns.length > 0) return false
  return !Object.values(entity.columns).some(({ spec }) => spec.kind === 'secret')
}

/** Values as every database gives them back, so that their hash is that of what is stored. */
export function storable(details: Json): Json {
  const text = JSON.stringify(details, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').toWellFormed() : value,
  )
  return limited(JSON.parse(text) as Json, Object.keys(details)) ?? {}
}

function shown(
  entity: AnyEntity,
  row: Json,
  { columns, hasSubject }: { readonly columns: readonly string[]; readonly hasSubject: boolean },
): Json {
  const values = columns.flatMap((name): [string, unknown][] => {
    const value = row[name]
    if (value === undefined || value === null) return []
    if (isHidden(name)) return [[name, HIDDEN]]
    if (entity.columns[name]?.spec.pii && !hasSubject) return [[name, PERSONAL]]
    return [[name, value]]
  })
  return Object.fromEntries(values)
}

/** Columns that no trail repeats, however they are kept: a hash can be guessed at for as long as the trail lasts. */
function isHidden(name: string): boolean {
  return isSecretName(name) || /hash$/i.test(name)
}

function limited(details: Json, columns: readonly string[]): Json {
  return JSON.stringify(details).length > LONGEST ? { tooLong: true, columns } : details
}
