import type { Storage } from '@clientele/core'
import type { TestStorage } from '@clientele/testing'

/** Names under which answers tell a secret once. */
const TOLD_ONCE = /^(?:accessToken|refreshToken|key|secret|writeKey|recoveryCodes)$/

/** What an answer gives away to whoever asked, by the name of its field. */
export function secretsIn(json: unknown, cookie: string | null): readonly (readonly [string, string])[] {
  const found: [string, string][] = []
  const value = /=([\w.-]+)/.exec(cookie ?? '')?.[1]
  if (value) found.push(['cookie', value])
  const look = (name: string, one: unknown): void => {
    // Roles and permissions have keys, too, and those are short.
    if (typeof one === 'string' && TOLD_ONCE.test(name) && one.length > (name === 'key' ? 30 : 10))
      found.push([name, one])
    if (Array.isArray(one)) for (const [place, part] of one.entries()) look(name, part ?? place)
    else if (typeof one === 'object' && one !== null)
      for (const [key, part] of Object.entries(one)) look(key, part)
  }
  look('', json)
  return found.map(([name, one], n) => [`${name} ${n}`, one])
}

/** Every row of every table, as text; bytes as letters and as digits. */
export async function dumpAll(storage: Storage, kind: TestStorage): Promise<string> {
  const read = async (sql: string) =>
    (await storage.population({ tenantId: '*' }, { sql, parameters: [] })).rows
  const tables =
    kind === 'sqlite'
      ? await read(`select name from sqlite_master where type = 'table'`)
      : await read(`select tablename as name from pg_tables where schemaname = current_schema()`)
  const texts: string[] = []
  for (const { name } of tables)
    for (const row of await read(`select * from "${String(name)}"`))
      texts.push(`${String(name)} ${textOf(row)}`)
  return texts.join('\n')
}

/** Whether a text holds a secret: as it is, in base64, or in hexadecimal digits. */
export function holds(text: string, secret: string): boolean {
  // Codes are six digits, which stand by chance in longer runs of letters and digits.
  if (/^\d{6}$/.test(secret)) return new RegExp(`(?<![\\w.:-])${secret}(?![\\w.:-])`).test(text)
  const bytes = Buffer.from(secret)
  const forms = [secret, encodeURIComponent(secret), bytes.toString('hex')]
  // The last letters of base64 hang on what follows.
  const encoded = [bytes.toString('base64'), bytes.toString('base64url')].map((one) =>
    one.replace(/.{1,2}=*$/, ''),
  )
  return [...forms, ...encoded].some((form) => text.includes(form))
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value)
    return `${bytes.toString('latin1')} ${bytes.toString('hex')} ${bytes.toString('base64url')}`
  }
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object' && value !== null) return Object.values(value).map(textOf).join(' ')
  return String(value)
}
