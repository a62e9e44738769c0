import { coreErrors, TenantSettings, type Storage } from '@clientele/core'
import { Stock } from '@clientele/plugin-inventory'
import { Orders } from '@clientele/plugin-orders'
import type { Shop } from '../shop.ts'
import { Catalogue, withAdded } from './catalogue.ts'
import { gatherInvoices, type Invoice } from './invoice.ts'
import { countOutcomes, purchaseFigures, type Figures, type FileSpan, type Outcomes } from './outcomes.ts'
import { PurchasesLeft } from './purchases-left.ts'
import { readRows, type Row } from './read-rows.ts'
import { SOURCE } from './source.ts'
import { CURRENCY, matchRefunds, toBatch } from './to-batch.ts'

/** Rows of a transaction. More is not faster; fewer keeps other writers of the database waiting for less long. */
const ROWS_PER_BATCH = 8000

export interface ImportOptions {
  /** Told how much of the file has been imported, 0 to 1. */
  readonly onProgress?: (share: number) => void
  /** Stops between two batches; importing again goes on. */
  readonly signal?: AbortSignal
}

/** What a file left in the database. Counted there, whoever imported it and how often. */
export interface Imported extends Figures {
  /** Of the file. */
  readonly rows: number
  readonly outcomes: Outcomes
  /** Rows without an outcome. */
  readonly unaccounted: number
}

/**
 * Imports an Online Retail file. Every invoice and row has a key, so a second import changes nothing and one that was
 * interrupted is finished by running it again.
 *
 * @throws UsageError when the file is not as expected
 */
export async function importFile(
  shop: Shop,
  storage: Storage,
  file: string,
  { onProgress = () => {}, signal }: ImportOptions = {},
): Promise<Imported> {
  await sellInPounds(shop)
  const catalogue = await Catalogue.load(shop)
  const purchases = new PurchasesLeft()
  const seen = { rows: 0, from: '', to: '' }
  let share = 0
  const rows = counted(
    readRows(file, (read) => (share = read)),
    seen,
  )
  let analyzeAt = ROWS_PER_BATCH
  for await (const invoices of batches(gatherInvoices(rows))) {
    signal?.throwIfAborted()
    await importInvoices(shop, catalogue, invoices, matchRefunds(invoices, purchases))
    onProgress(share)
    if (seen.rows < analyzeAt) continue
    // PostgreSQL keeps plans it made for empty tables: its foreign keys then read whole indexes, row after row.
    await storage.analyze()
    analyzeAt = seen.rows * 3
  }
  await shop.as({ origin: 'import' }).tx((t) => catalogue.updateProducts(t))
  await storage.analyze()
  return summary(shop, seen)
}

async function importInvoices(
  shop: Shop,
  catalogue: Catalogue,
  invoices: readonly Invoice[],
  orderOf: ReadonlyMap<Row, string | null>,
): Promise<void> {
  const added = await shop.as({ origin: 'import' }).tx(async (t) => {
    const fresh = await catalogue.add(t, invoices)
    const batch = toBatch(invoices, withAdded(catalogue, fresh), orderOf)
    await t.get(Orders).importMany(t, { source: SOURCE, orders: batch.orders, refunds: batch.refunds })
    await t.get(Stock).importMany(t, { source: SOURCE, movements: batch.movements })
    return fresh
  })
  catalogue.remember(added, invoices)
}

async function summary(
  shop: Shop,
  { rows, ...span }: FileSpan & { readonly rows: number },
): Promise<Imported> {
  const outcomes = await countOutcomes(shop, span)
  const accounted = Object.values(outcomes).reduce((sum, count) => sum + count, 0)
  return { rows, ...(await purchaseFigures(shop, span)), unaccounted: rows - accounted, outcomes }
}

/** A shop that has said nothing else reports in the currency of the file; one that reports in another needs rates. */
async function sellInPounds(shop: Shop): Promise<void> {
  const { api, ctx } = shop.as()
  const { version } = await api.core.getSettings({ params: { name: TenantSettings.name } })
  if (version === 0) {
    await api.core.updateSettings({ params: { name: TenantSettings.name }, body: { currency: CURRENCY } })
  }
  const { currency } = await ctx.settings(TenantSettings)
  if (currency !== CURRENCY) throw coreErrors['rates.missing']({ from: CURRENCY, to: currency })
}

async function* counted(
  rows: AsyncIterable<Row>,
  seen: { rows: number; from: string; to: string },
): AsyncGenerator<Row> {
  for await (const row of rows) {
    seen.from ||= row.at
    seen.to = row.at
    seen.rows += 1
    yield row
  }
}

async function* batches(invoices: AsyncIterable<Invoice>): AsyncGenerator<Invoice[]> {
  let batch: Invoice[] = []
  let rows = 0
  for await (const invoice of invoices) {
    batch.push(invoice)
    rows += invoice.rows.length
    if (rows < ROWS_PER_BATCH) continue
    yield batch
    batch = []
    rows = 0
  }
  if (batch.length > 0) yield batch
}
