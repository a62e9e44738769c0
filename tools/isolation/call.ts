import type { Shop } from './shop.ts'
import type { Tenant } from './tenants.ts'

/** One request, the same for whoever makes it. */
export interface Call {
  /** `plugin.route` */
  readonly route: string
  readonly method: string
  readonly path: string
  readonly body?: unknown
  /**
   * `own`: all it names is the caller's. `foreign-id`: the path names a row of another tenant only, which is not
   * there. `foreign-reference`: the body or query does, which is refused. `any`: whatever it answers, it must answer
   * the same as when the caller were alone.
   */
  readonly names: 'own' | 'foreign-id' | 'foreign-reference' | 'any'
}

export interface Answer {
  readonly status: number
  readonly etag: string | null
  readonly location: string | null
  /** Keys in order: databases keep the keys of JSON in orders of their own. */
  readonly text: string
  // `any`: a test reads the fields it is about.
  readonly json: any
}

/** Makes a call as a tenant; the same call in the same turn gets the same new ids in every shop. */
export async function answerTo(
  shop: Shop,
  tenant: Tenant,
  call: Omit<Call, 'route' | 'names'>,
  turn = 0,
): Promise<Answer> {
  shop.ids.use(`${turn} ${nameOf(tenant, call)}`)
  const { status, headers, json, text } = await shop.test.fetch(call.path, {
    method: call.method,
    as: { tenants: [tenant] },
    ...(call.body === undefined ? {} : { body: call.body }),
  })
  return {
    status,
    etag: headers.get('etag'),
    location: headers.get('location'),
    text: json === undefined ? text : JSON.stringify(inKeyOrder(json)),
    json,
  }
}

/** Ids of rows that one statement makes: how many a slice of a recompute takes hangs on how fast the database is. */
const NUMBERED = /[0-9a-f]{8}-0000-7000-8(?!000)[0-9a-f]{3}-[0-9a-f]{12}/g

/** A second try of a webhook, some milliseconds later than five seconds: how many follows from an id. */
const SECOND_TRY = /T09:00:05\.\d{3}Z/g

/** A text without what hangs on how many ids were taken before. */
export function withoutChance(text: string): string {
  return text.replaceAll(SECOND_TRY, 'T09:00:05Z')
}

/** What of an answer is the same in every shop: SQL is each database's own, and how long it took nobody's. */
export function comparable({ path }: Pick<Call, 'path'>, { json, ...given }: Answer): Omit<Answer, 'json'> {
  const text = withoutChance(given.text)
    .replaceAll(NUMBERED, 'numbered')
    .replaceAll(BUILT, '/admin/x/$1/built/')
  const answer = { ...given, text }
  // Databases keep the keys of JSON in orders of their own, in the cells of a CSV file, too.
  if (path.endsWith('.csv')) return { ...answer, text: answer.text.replaceAll(JSON_CELL, inLetterOrder) }
  if (!path.endsWith('/sql') || answer.status !== 200) return answer
  return { ...answer, etag: null, text: `of ${json.actualCount} members` }
}

/** Panels lie where their last build says, and it may be a newer one by now. */
const BUILT = /\/admin\/x\/([\w-]+)\/[\w-]+\//g
const JSON_CELL = /"\{(?:[^"]|"")*"/g
const inLetterOrder = (cell: string): string => cell.split('').toSorted().join('')

/** How a failing expectation names a call. */
export function nameOf(tenant: Tenant, { method, path, body }: Omit<Call, 'route' | 'names'>): string {
  return `${tenant}: ${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`
}

function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, inKeyOrder(one)]))
}
