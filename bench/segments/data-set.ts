import { seededRandom, type SeededRandom } from '../lib/random.ts'

/** Raise it whenever a row of the data set changes: cached databases are then made anew. */
export const DATA_VERSION = 6

/** The instant at which everything is asked; the rows end shortly before it. */
export const NOW = Date.UTC(2026, 5, 15, 12)

const TENANT = 'default'
const DAY = 86_400_000
const YEARS = 3
/** Kinds of ids. */
const CUSTOMER = 1
const ORDER = 2
const PRODUCT = 3
const LINE = 4
const EVENT = 5
const CONSENT = 6

export interface DataSize {
  readonly customers: number
  readonly orders: number
  readonly events: number
}

/** How a database takes what is no number and no text. */
export interface Encoding {
  /** 48, 12 and 32 bits: an instant, what the id is of, and what scatters. */
  uuid(time: number, kind: number, tail: number): unknown
  instant(ms: number): unknown
  boolean(value: boolean): unknown
}

export type Row = readonly unknown[]

/** Rows of a table, in the order of {@link DataTable.columns}. */
export interface DataTable {
  /** Physical, without the prefix. */
  readonly name: string
  /** Physical. */
  readonly columns: readonly string[]
  readonly rows: () => Iterable<Row>
}

/**
 * A shop of some size: the same rows for every database, made from a seed. Orders come first, since customers' metrics
 * are what their orders add up to; each table's rows can be walked once.
 *
 * Spend is log-normal and few customers make most orders. 30 % of customers are in BR, 10 % in PT, 5 % nowhere; 40 % of
 * mail addresses are at gmail.com, in mixed case; 12 % have the trait plan "pro", and some traits have the wrong type;
 * 45 % accept marketing; 1 % are removed. An order has one line, of one of 500 products in 20 categories. Events come
 * from those who buy and from others; 70 % of customers answered about marketing.
 */
export function dataSet(size: DataSize, encoding: Encoding): readonly DataTable[] {
  const totals = new Totals(size.customers)
  return [
    { name: 'orders', columns: ORDER_COLUMNS, rows: () => orderRows(size, encoding, totals) },
    { name: 'customers', columns: CUSTOMER_COLUMNS, rows: () => customerRows(size, encoding) },
    { name: 'products', columns: PRODUCT_COLUMNS, rows: () => productRows(encoding) },
    { name: 'order_lines', columns: LINE_COLUMNS, rows: () => lineRows(size, encoding) },
    { name: 'events', columns: EVENT_COLUMNS, rows: () => eventRows(size, encoding) },
    { name: 'consent_states', columns: CONSENT_COLUMNS, rows: () => consentRows(size, encoding) },
    { name: 'customer_metrics', columns: METRIC_COLUMNS, rows: () => metricRows(size, encoding, totals) },
  ]
}

const ORDER_COLUMNS = [
  ...[
    'tenant_id',
    'id',
    'number',
    'customer_id',
    'state',
    'placed_at',
    'paid_at',
    'fulfilled_at',
    'cancelled_at',
  ],
  ...['total', 'total_currency', 'base_total', 'refunded_total', 'item_count', 'country'],
  ...['source', 'external_id', 'version', 'created_at', 'updated_at'],
]
const CUSTOMER_COLUMNS = [
  ...[
    'tenant_id',
    'id',
    'first_name',
    'last_name',
    'email',
    'phone',
    'status',
    'country',
    'locale',
    'time_zone',
  ],
  ...[
    'accepts_marketing',
    'traits',
    'source',
    'external_id',
    'version',
    'created_at',
    'updated_at',
    'deleted_at',
  ],
]
const METRIC_COLUMNS = [
  ...['tenant_id', 'id', 'order_count', 'gross_spend', 'total_spend', 'average_order_value'],
  ...['first_order_at', 'last_order_at', 'tier', 'version', 'created_at', 'updated_at'],
]

const PRODUCT_COLUMNS = [
  ...['tenant_id', 'id', 'name', 'sku', 'price', 'price_currency', 'category', 'version'],
  ...['created_at', 'updated_at'],
]
const LINE_COLUMNS = [
  ...['tenant_id', 'id', 'order_id', 'line_number', 'product_id', 'sku', 'name', 'quantity'],
  ...['unit_price', 'unit_price_currency', 'total', 'total_currency', 'base_total'],
  ...['version', 'created_at', 'updated_at'],
]
const EVENT_COLUMNS = [
  ...['tenant_id', 'id', 'customer_id', 'message_id', 'type', 'name', 'properties', 'context'],
  ...['occurred_at', 'received_at', 'version', 'created_at', 'updated_at'],
]
const CONSENT_COLUMNS = [
  ...['tenant_id', 'id', 'customer_id', 'purpose', 'channel', 'state', 'since'],
  ...['version', 'created_at', 'updated_at'],
]

/** What each customer's orders add up to. */
class Totals {
  readonly count: Uint32Array
  readonly spend: Float64Array
  readonly first: Float64Array
  readonly last: Float64Array

  constructor(customers: number) {
    this.count = new Uint32Array(customers)
    this.spend = new Float64Array(customers)
    this.first = new Float64Array(customers)
    this.last = new Float64Array(customers)
  }

  add(customer: number, total: number, placedAt: number): void {
    if (this.count[customer] === 0) this.first[customer] = placedAt
    this.count[customer]!++
    this.spend[customer]! += total
    this.last[customer] = placedAt
  }
}

function* orderRows({ customers, orders }: DataSize, encoding: Encoding, totals: Totals): Iterable<Row> {
  const random = seededRandom(2)
  const span = YEARS * 365 * DAY
  for (let n = 0; n < orders; n++) {
    const placedAt = NOW - span + Math.floor((span * n) / orders)
    const customer = buyerOf(random, customers, placedAt)
    const state = orderState(random.number())
    const total = Math.max(100, Math.round(Math.exp(8.6 + 0.9 * random.normal())))
    const paid = state === 'paid' || state === 'fulfilled'
    if (paid) totals.add(customer, total, placedAt)
    const at = encoding.instant(placedAt)
    yield [
      ...[TENANT, idOf(encoding, n, ORDER), String(1001 + n), idOf(encoding, customer, CUSTOMER), state, at],
      ...[paid ? at : null, state === 'fulfilled' ? at : null, state === 'cancelled' ? at : null],
      ...[total, 'EUR', total, 0, 1 + Math.floor(random.number() * 5), null],
      ...['bench', String(n), 1, at, at],
    ]
  }
}

function* customerRows({ customers }: DataSize, encoding: Encoding): Iterable<Row> {
  const random = seededRandom(1)
  for (let n = 0; n < customers; n++) {
    const createdAt = encoding.instant(createdAtOf(n, customers))
    const first = random.pick(FIRST_NAMES)
    const last = random.pick(LAST_NAMES)
    yield [
      ...[TENANT, idOf(encoding, n, CUSTOMER), first, last, emailOf(random, first, last, n), null],
      ...[random.number() < 0.97 ? 'active' : 'archived', countryOf(random.number()), null, null],
      ...[
        encoding.boolean(random.number() < 0.45),
        traitsOf(random),
        'bench',
        String(n),
        1,
        createdAt,
        createdAt,
      ],
      random.number() < 0.01 ? encoding.instant(NOW - DAY) : null,
    ]
  }
}

function* metricRows({ customers }: DataSize, encoding: Encoding, totals: Totals): Iterable<Row> {
  for (let n = 0; n < customers; n++) {
    const count = totals.count[n]!
    const spend = totals.spend[n]!
    const createdAt = encoding.instant(createdAtOf(n, customers))
    yield [
      ...[
        TENANT,
        idOf(encoding, n, CUSTOMER),
        count,
        spend,
        spend,
        count > 0 ? Math.round(spend / count) : 0,
      ],
      ...(count > 0 ? [encoding.instant(totals.first[n]!), encoding.instant(totals.last[n]!)] : [null, null]),
      ...[tierOf(count, spend), 1, createdAt, createdAt],
    ]
  }
}

const PRODUCTS = 500
const CATEGORIES = 20

/** The product of an order's line: the first ones sell best. */
function productOf(order: number): number {
  const part = (Math.imul(order + 1, 0x9e3779b1) >>> 0) / 2 ** 32
  return Math.floor(PRODUCTS * part * part)
}

function* productRows(encoding: Encoding): Iterable<Row> {
  const at = encoding.instant(NOW - (YEARS + 1) * 365 * DAY)
  for (let n = 0; n < PRODUCTS; n++) {
    const name = `Product ${n}`
    const category = `Category ${n % CATEGORIES}`
    yield [TENANT, idOf(encoding, n, PRODUCT), name, `P${n}`, 1000, 'EUR', category, 1, at, at]
  }
}

function* lineRows({ orders }: DataSize, encoding: Encoding): Iterable<Row> {
  const span = YEARS * 365 * DAY
  for (let n = 0; n < orders; n++) {
    const product = productOf(n)
    const at = encoding.instant(NOW - span + Math.floor((span * n) / orders))
    const quantity = 1 + (n % 3)
    yield [
      ...[TENANT, idOf(encoding, n, LINE), idOf(encoding, n, ORDER), 1, idOf(encoding, product, PRODUCT)],
      ...[`P${product}`, `Product ${product}`, quantity, 1000, 'EUR', 1000 * quantity, 'EUR'],
      ...[1000 * quantity, 1, at, at],
    ]
  }
}

/** 60 % are views of a product; what leads to a purchase is rarer with every step. */
function* eventRows({ customers, events }: DataSize, encoding: Encoding): Iterable<Row> {
  const random = seededRandom(3)
  const span = YEARS * 365 * DAY
  for (let n = 0; n < events; n++) {
    const occurredAt = NOW - span + Math.floor((span * n) / events)
    const customer = buyerOf(random, customers, occurredAt)
    const part = random.number()
    const product = Math.floor(PRODUCTS * random.number())
    const properties = `{"category":"Category ${product % CATEGORIES}","price":${(product % 90) + 5}}`
    const at = encoding.instant(occurredAt)
    yield [
      ...[TENANT, idOf(encoding, n, EVENT), idOf(encoding, customer, CUSTOMER), `m${n}`, 'track'],
      ...[eventName(part), properties, '{}', at, at, 1, at, at],
    ]
  }
}

function eventName(part: number): string {
  if (part < 0.6) return 'Product Viewed'
  if (part < 0.8) return 'Product Added'
  if (part < 0.9) return 'Checkout Started'
  return part < 0.96 ? 'Order Completed' : 'Newsletter Opened'
}

function* consentRows({ customers }: DataSize, encoding: Encoding): Iterable<Row> {
  const random = seededRandom(4)
  const at = encoding.instant(NOW - 30 * DAY)
  for (let n = 0; n < customers; n++) {
    const part = random.number()
    if (part > 0.7) continue
    const state = part < 0.45 ? 'granted' : part < 0.6 ? 'denied' : 'revoked'
    yield [
      ...[TENANT, idOf(encoding, n, CONSENT), idOf(encoding, n, CUSTOMER), 'marketing', '*', state, at],
      ...[1, at, at],
    ]
  }
}

const FIRST_NAMES = [
  'Ana',
  'Bruno',
  'Carla',
  'Diego',
  'Elena',
  'Fábio',
  'Grace',
  'Hugo',
  'Inês',
  'João',
  'Zoë',
]
const LAST_NAMES = [
  'Silva',
  'Souza',
  'Costa',
  'Pereira',
  'Müller',
  'Rossi',
  'Smith',
  'Novák',
  'Dubois',
  'Lima',
]
const GMAIL = ['gmail.com', 'gmail.com', 'Gmail.com', 'GMAIL.COM']
const DOMAINS = ['example.com', 'outlook.com', 'mail.example.org', 'notgmail.com.br', 'yahoo.com']
const COUNTRIES = ['DE', 'FR', 'GB', 'US', 'ES', 'IT', 'NL', 'MX', 'AR', 'JP', 'CL']

/**
 * Who buys at an instant: mostly people who came not long ago, so that others have lapsed. A tenth of all makes more
 * than half of the orders; a fifth never buys.
 */
function buyerOf(random: SeededRandom, customers: number, at: number): number {
  const known = Math.max(
    10,
    Math.floor((customers * (at - createdAtOf(0, customers))) / (NOW - createdAtOf(0, customers))),
  )
  const recent = known - 1 - Math.floor(random.number() ** 2 * customers * 0.45)
  const customer = recent >= 0 ? recent : Math.floor(random.number() * known)
  if (random.number() < 0.5) return customer - (customer % 10)
  return customer % 5 === 3 ? customer - 1 : customer
}

function orderState(part: number): 'pending' | 'paid' | 'fulfilled' | 'cancelled' {
  if (part < 0.9) return 'fulfilled'
  if (part < 0.95) return 'paid'
  return part < 0.97 ? 'pending' : 'cancelled'
}

function countryOf(part: number): string | null {
  if (part < 0.3) return 'BR'
  if (part < 0.4) return 'PT'
  return part < 0.45 ? null : COUNTRIES[Math.floor(((part - 0.45) / 0.55) * COUNTRIES.length)]!
}

function emailOf(random: SeededRandom, first: string, last: string, n: number): string | null {
  const part = random.number()
  if (part >= 0.95) return null
  const domain = random.pick(part < 0.4 ? GMAIL : DOMAINS)
  return `${first}.${last}${n}@${domain}`
}

function traitsOf(random: SeededRandom): string {
  const traits: Record<string, unknown> = {}
  const plan = random.number()
  if (plan < 0.12) traits['plan'] = 'pro'
  else if (plan < 0.5) traits['plan'] = 'free'
  else if (plan < 0.52) traits['plan'] = plan < 0.51 ? 1 : ['pro']
  else if (plan < 0.53) traits['plan'] = null
  const age = random.number()
  if (age < 0.7) traits['age'] = 18 + Math.floor(random.number() * 70)
  else if (age < 0.73) traits['age'] = String(18 + Math.floor(random.number() * 70))
  if (random.number() < 0.2) traits['vip'] = random.number() < 0.25
  if (random.number() < 0.3) traits['city'] = random.pick(['Porto', 'São Paulo', 'Lisboa', 'Berlin'])
  return JSON.stringify(traits)
}

/** As plugin-orders has them by default. */
function tierOf(count: number, spend: number): string | null {
  if (count === 0) return null
  if (spend >= 1_000_000) return 'platinum'
  if (spend >= 200_000) return 'gold'
  return spend >= 50_000 ? 'silver' : 'bronze'
}

function createdAtOf(n: number, customers: number): number {
  const span = (YEARS + 1) * 365 * DAY
  return NOW - span + Math.floor((span * n) / customers)
}

/** A UUIDv7: rising with `n`, so that rows are appended as they are in a living database. */
function idOf(encoding: Encoding, n: number, kind: number): unknown {
  return encoding.uuid(0x18000000000 + n * 37, kind, Math.imul(n + 1, 0x9e3779b1) >>> 0)
}
