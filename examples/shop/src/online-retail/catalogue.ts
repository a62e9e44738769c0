import { money, type Tx } from '@clientele/core'
import { countryCode, Customer } from '@clientele/plugin-customers'
import { Product } from '@clientele/plugin-inventory'
import type { Shop } from '../shop.ts'
import { isProductCode, type Invoice } from './invoice.ts'
import type { Row } from './read-rows.ts'
import { SOURCE } from './source.ts'
import { CURRENCY, type KnownIds } from './to-batch.ts'

interface Article {
  readonly name: string
  /** Pence. */
  readonly price: number
  /** Not for sale; only its stock was ever corrected. */
  readonly archived: boolean
}

/** The customers and products of the file: who is there already, who is new, and what each product is called by now. */
export class Catalogue implements KnownIds {
  readonly customers = new Map<string, string>()
  readonly products = new Map<string, string>()
  readonly #articles = new Map<string, Article>()

  /** Reads what earlier imports left. */
  static async load(shop: Shop): Promise<Catalogue> {
    const { db } = shop.as()
    const catalogue = new Catalogue()
    const customers = db.selectFrom('customers').select(['id', 'externalId']).where('source', '=', SOURCE)
    for (const row of await customers.execute()) catalogue.customers.set(row.externalId ?? '', row.id)
    const products = db.selectFrom('products').select(['id', 'externalId']).where('source', '=', SOURCE)
    for (const row of await products.execute()) catalogue.products.set(row.externalId ?? '', row.id)
    return catalogue
  }

  /** Adds whom and what these invoices name for the first time. Their ids count once {@link remember} has them. */
  async add(t: Tx, invoices: readonly Invoice[]): Promise<KnownIds> {
    const customers = new Map<string, { source: string; externalId: string; country: string | null }>()
    const products = new Map<string, ReturnType<typeof productValues>>()
    for (const { customer, country, kind, rows } of invoices) {
      if (customer !== null && !this.customers.has(customer) && !customers.has(customer))
        // The Channel Islands are no country; the order keeps what stands in the file.
        customers.set(customer, { source: SOURCE, externalId: customer, country: countryCode(country) })
      if (kind !== 'order' && kind !== 'correction') continue
      for (const row of rows) {
        const code = row.code.toUpperCase()
        if (this.products.has(code) || products.has(code)) continue
        if (kind === 'correction' || isProductCode(code))
          products.set(code, productValues(code, articleOf(undefined, row)))
      }
    }
    const newCustomers = await t.repo(Customer).upsertMany([...customers.values()])
    const newProducts = await t.repo(Product).upsertMany([...products.values()])
    return {
      customers: new Map(newCustomers.map((one) => [one.externalId as string, one.id])),
      products: new Map(newProducts.map((one) => [one.externalId as string, one.id])),
    }
  }

  /** To be called when the transaction that added them has committed. */
  remember(added: KnownIds, invoices: readonly Invoice[]): void {
    for (const [key, id] of added.customers) this.customers.set(key, id)
    for (const [key, id] of added.products) this.products.set(key, id)
    for (const { kind, rows } of invoices) {
      for (const row of rows) {
        const code = row.code.toUpperCase()
        if (kind === 'correction' || (kind === 'order' && isProductCode(code)))
          this.#articles.set(code, articleOf(this.#articles.get(code), row))
      }
    }
  }

  /** Gives every product of the file the name and price of its latest sale. */
  async updateProducts(t: Tx): Promise<void> {
    const values = [...this.#articles].map(([code, article]) => productValues(code, article))
    await t.repo(Product).upsertMany(values)
  }
}

/** Known and new ids as one. */
export function withAdded(known: KnownIds, added: KnownIds): KnownIds {
  if (added.customers.size + added.products.size === 0) return known
  return {
    customers: new Map([...known.customers, ...added.customers]),
    products: new Map([...known.products, ...added.products]),
  }
}

function articleOf(known: Article | undefined, { code, description, price }: Row): Article {
  const isSale = price > 0
  return {
    // Descriptions of rows without a price are notes: "damaged", "found".
    name: (isSale && description) || known?.name || description || code,
    price: isSale ? Math.round(price * 100) : (known?.price ?? 0),
    archived: !isProductCode(code),
  }
}

function productValues(code: string, { name, price, archived }: Article) {
  return {
    source: SOURCE,
    externalId: code,
    sku: code,
    name,
    price: money(price, CURRENCY),
    status: archived ? ('archived' as const) : ('active' as const),
  }
}
