import { signal } from '@preact/signals'
import { session } from '../session/session.ts'

type Catalogue = Readonly<Record<string, string>>

const catalogues = signal<Readonly<Record<string, Catalogue>>>({})
const chosen = signal<string | null>(null)

/** Adds texts of a plugin: locale → key → text. */
export function addWords(words: Readonly<Record<string, Catalogue>>): void {
  const merged = { ...catalogues.peek() }
  for (const [locale, own] of Object.entries(words)) merged[locale] = { ...merged[locale], ...own }
  catalogues.value = merged
}

/** The language of the panel: the person's choice, the tenant's, the browser's, English. */
export function locale(): string {
  const wanted = [chosen.value, session.value?.tenant.locale, ...browserLocales()]
  for (const one of wanted) if (one) return one
  return 'en'
}

/** Chooses a language; null goes back to the tenant's. */
export function setLocale(next: string | null): void {
  chosen.value = next
}

/** Some browsers name a locale that `Intl` does not know. */
function browserLocales(): readonly string[] {
  try {
    return Intl.getCanonicalLocales([...navigator.languages])
  } catch {
    return []
  }
}

/**
 * The text of a key, with its values: `t('list.count', { count: 3 })`. A plural stands under `key.one`, `key.other`; a
 * key without a text is shown as it is.
 */
export function t(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const language = locale()
  const all = catalogues.value
  const places = [all[language], all[language.split('-')[0]!], all['en']]
  const count = values['count']
  const plural = typeof count === 'number' ? `${key}.${new Intl.PluralRules(language).select(count)}` : null
  for (const words of places) {
    const text = (plural !== null && (words?.[plural] ?? words?.[`${key}.other`])) || words?.[key]
    if (text) return fill(text, values)
  }
  return key
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? fmt.number(value) : value
  })
}

/** Numbers, money and instants as the tenant's people read them. */
export const fmt = {
  number: (value: number, options?: Intl.NumberFormatOptions): string => numbers(options).format(value),
  /** @param minor in the currency's smallest unit */
  money(minor: number, currency = session.value?.tenant.currency ?? 'EUR'): string {
    return numbers({ style: 'currency', currency }).format(minor / 10 ** fractionDigits(currency))
  },
  percent: (share: number): string => numbers({ style: 'percent', maximumFractionDigits: 1 }).format(share),
  /** In the tenant's zone. */
  time: (instant: string): string => dateTime(instant, { dateStyle: 'medium', timeStyle: 'short' }),
  day: (instant: string): string => dateTime(instant, { dateStyle: 'medium' }),
  /** `3 days ago` */
  ago(instant: string): string {
    const seconds = (Date.parse(instant) - Date.now()) / 1000
    const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
    for (const [unit, size] of UNITS)
      if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
    return format.format(0, 'minute')
  },
}

const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** How many digits a currency's smallest unit stands behind the point: 2 for EUR, 0 for JPY. */
export function fractionDigits(currency: string): number {
  return numbers({ style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** Making a format takes longer than using it a hundred times, and a list uses it for every cell. */
const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

function numbers(options?: Intl.NumberFormatOptions): Intl.NumberFormat {
  return kept(`number ${locale()} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale(), options))
}

function dateTime(instant: string, options: Intl.DateTimeFormatOptions): string {
  const timeZone = session.value?.tenant.timeZone ?? 'UTC'
  const key = `time ${locale()} ${timeZone} ${JSON.stringify(options)}`
  return kept(key, () => new Intl.DateTimeFormat(locale(), { ...options, timeZone })).format(
    new Date(instant),
  )
}

function kept<F extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => F): F {
  let format = formats.get(key) as F | undefined
  if (!format) formats.set(key, (format = make()))
  return format
}
