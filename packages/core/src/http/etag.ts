import type { WriteOptions } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'

type Headers = Readonly<Record<string, string | undefined>>

/** The entity tag of a row: its version. */
export function etagOf(version: number): string {
  return `"${version}"`
}

/**
 * The version an `If-Match` header asks for; undefined when there is none or it is `*`. A weak tag (`W/"3"`, which
 * compressing proxies make) counts as the strong one: the version is exact.
 * @throws `http.invalid_request` for anything else: a precondition is never ignored.
 */
export function ifMatch(headers: Headers): number | undefined {
  const given = headers['if-match']?.trim()
  if (given === undefined || given === '*') return undefined
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(given)?.[1]
  if (version !== undefined) return Number(version)
  throw coreErrors['http.invalid_request']({
    part: 'headers',
    issues: [{ path: 'if-match', message: 'expected one version in quotes, such as "3", or *' }],
  })
}

/** The same as the option of a write: `t.repo(Order).patch(id, changes, versionOf(headers))`. @throws as {@link ifMatch} */
export function versionOf(headers: Headers): WriteOptions {
  const ifVersion = ifMatch(headers)
  return ifVersion === undefined ? {} : { ifVersion }
}

/** True when `If-None-Match` names the tag, so that the answer is 304. Compares weakly. */
export function matchesNone(headers: Headers, etag: string): boolean {
  const given = headers['if-none-match']
  if (given === undefined) return false
  return given.trim() === '*' || given.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
